import { createServer, type AddressInfo, type Socket } from 'node:net'

export interface Mailbox {
  port: number
  /** Of each mail, what comes behind its headers, decoded; oldest first. */
  mails: string[]
  close(): Promise<void>
}

/** A mail server that takes whatever comes and sends it to nobody (RFC 5321). */
export async function startMailbox(): Promise<Mailbox> {
  const mails: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    converse(socket, (mail) => mails.push(decoded(mail)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address: AddressInfo | string | null = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the mailbox does not listen')
  return {
    port: address.port,
    mails,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => {
          resolve()
        })
      }),
  }
}

function converse(socket: Socket, arrived: (mail: string) => void): void {
  let left = ''
  let mail: string[] | undefined
  const say = (line: string): void => void socket.write(`${line}\r\n`)
  say('220 mailbox')
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    const lines = (left + bytes.toString()).split('\r\n')
    left = lines.pop() ?? ''
    for (const line of lines) {
      if (mail && line !== '.') mail.push(line.replace(/^\./, ''))
      else if (mail) {
        arrived(mail.join('\r\n'))
        mail = undefined
        say('250 taken')
      } else if (/^data$/i.test(line)) {
        mail = []
        say('354 go on')
      } else if (/^quit$/i.test(line)) {
        say('221 bye')
        socket.end()
      } else say('250 ok')
    }
  })
}

function decoded(mail: string): string {
  const [, headers = '', body = ''] = /^([\s\S]*?)\r\n\r\n([\s\S]*)$/.exec(mail) ?? []
  if (/^content-transfer-encoding: *base64/im.test(headers)) return Buffer.from(body, 'base64').toString()
  if (!/^content-transfer-encoding: *quoted-printable/im.test(headers)) return body
  const octets = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(octets, 'latin1').toString()
}
