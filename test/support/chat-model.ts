import http from 'node:http'
import { portOf } from '../../bench/lib/port'
import { objectIn } from './answers'

/** What a model is asked: the messages so far and the names of the tools that it may ask for. */
export interface Turn {
  messages: readonly { role: string; content: unknown }[]
  tools: readonly string[]
}

/** A model answers with a text, or asks for tools. */
export type Say = { text: string } | { calls: readonly { name: string; arguments: object }[] }

export interface ChatModel {
  /** The address that a client of OpenAI's API is given as its base. */
  url: string
  readonly turns: readonly Turn[]
  close(): Promise<void>
}

/**
 * The one fake of a test of agents: a real model would need a key and the network, and would not say the same twice.
 * It speaks OpenAI's Chat Completions (platform.openai.com/docs/api-reference/chat), without streaming.
 */
export async function startChatModel(say: (turn: Turn) => Say): Promise<ChatModel> {
  const turns: Turn[] = []
  const server = http.createServer((request, response) => {
    void textOf(request).then((body) => {
      response.setHeader('content-type', 'application/json')
      if (request.method !== 'POST') return response.end('{"object":"list","data":[{"id":"fake"}]}')
      const turn = turnOf(JSON.parse(body))
      turns.push(turn)
      return response.end(JSON.stringify(completion(say(turn), turns.length)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server)}/v1`,
    turns,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

async function textOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function turnOf(body: unknown): Turn {
  const { messages, tools } = objectIn(body)
  const list = (value: unknown): Record<string, unknown>[] =>
    Array.isArray(value) ? value.map(objectIn) : []
  return {
    messages: list(messages).map(({ role, content }) => ({ role: String(role), content })),
    tools: list(tools).map((tool) => String(objectIn(tool['function'])['name'])),
  }
}

function completion(said: Say, turn: number): object {
  const calls = 'calls' in said ? said.calls : []
  const message = {
    role: 'assistant',
    content: 'text' in said ? said.text : null,
    ...(calls.length > 0
      ? {
          tool_calls: calls.map(({ name, arguments: given }, at) => ({
            id: `call_${turn}_${at}`,
            type: 'function',
            function: { name, arguments: JSON.stringify(given) },
          })),
        }
      : {}),
  }
  return {
    id: `chatcmpl-${turn}`,
    object: 'chat.completion',
    created: 1,
    model: 'fake',
    choices: [{ index: 0, message, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  }
}
