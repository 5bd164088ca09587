import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../port'
import { commandOf, OWNER, type Home } from './home'
import { isExecution, unflatten, type Execution, type Workflow } from './run-data'

const OWNER_NAME = { firstName: 'Own', lastName: 'Er' }

/** A running n8n, logged in as its owner. */
export class N8nServer {
  private cookie = ''
  private readonly given = new Set<string>()

  private constructor(
    readonly home: Home,
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(home: Home, env: NodeJS.ProcessEnv = {}): Promise<N8nServer> {
    const port = await freePort()
    const log = openSync(join(home.path, 'server.log'), 'a')
    const child = spawn(process.execPath, [commandOf(home.n8n), 'start'], {
      cwd: home.path,
      env: {
        ...home.env,
        ...ownerEnv(home),
        N8N_PORT: String(port),
        N8N_RUNNERS_BROKER_PORT: String(await freePort()),
        ...env,
      },
      stdio: ['ignore', log, log],
    })
    const server = new N8nServer(home, `http://127.0.0.1:${port}`, child)
    await server.ready()
    await server.login()
    return server
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill(signal)
    // it waits for executions that hang
    await Promise.race([ended, sleep(5000, undefined, { ref: false })])
    this.child.kill('SIGKILL')
    await ended
  }

  /** The editor's own interface. The cookie is bound to the browser id that logged in. */
  async api(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'content-type': 'application/json', cookie: this.cookie, 'browser-id': 'tests' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const cookies = response.headers.getSetCookie()
    if (cookies.length > 0) this.cookie = cookies.map((text) => text.split(';')[0]).join('; ')
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} ${response.status}: ${text.slice(0, 400)}`)
    const answer: unknown = text === '' ? undefined : JSON.parse(text)
    return member(answer, 'data') ?? answer
  }

  /** Publishes a workflow, starts it as a webhook would and waits for its end. Its first node is named Start. */
  async run(workflow: Workflow, limitMs = 120_000): Promise<Execution> {
    const id = await this.publish(workflow)
    await this.fire(workflow)
    return this.ended(id, limitMs)
  }

  /** @returns n8n's id of it */
  async publish(workflow: Workflow): Promise<string> {
    const nodes = workflow.nodes.map((node) =>
      node.name === 'Start' ? { ...node, ...webhook(workflow.id) } : node,
    )
    const created = await this.api('POST', '/rest/workflows', {
      active: false,
      ...workflow,
      id: undefined,
      nodes,
    })
    const id = String(member(created, 'id'))
    await this.api('POST', `/rest/workflows/${id}/activate`, { versionId: member(created, 'versionId') })
    return id
  }

  async republish(id: string): Promise<void> {
    const found = await this.api('POST', `/rest/workflows/${id}/deactivate`, {})
    await this.api('POST', `/rest/workflows/${id}/activate`, { versionId: member(found, 'versionId') })
  }

  /** n8n says that a workflow is active before its webhook is. */
  async fire(workflow: Workflow): Promise<void> {
    for (let tries = 0; tries < 60; tries++) {
      const { status } = await fetch(`${this.url}/webhook/${workflow.id}`)
      if (status === 200) return
      await sleep(100)
    }
    throw new Error(`the webhook of ${workflow.id} does not answer`)
  }

  /** The newest execution of a workflow that was not given out before, when it has ended. */
  async ended(id: string, limitMs = 120_000): Promise<Execution> {
    const until = Date.now() + limitMs
    const filter = encodeURIComponent(JSON.stringify({ workflowId: id }))
    while (Date.now() < until) {
      await sleep(100)
      // a node that blocks n8n lets nobody through meanwhile
      const listed = await this.api('GET', `/rest/executions?filter=${filter}&limit=1`).catch(() => undefined)
      const results = member(listed, 'results') ?? listed
      const newest: unknown = Array.isArray(results) ? results[0] : undefined
      const status = String(member(newest, 'status'))
      const execution = String(member(newest, 'id'))
      if (newest === undefined || this.given.has(execution)) continue
      if (['running', 'new', 'waiting', 'undefined'].includes(status)) continue
      this.given.add(execution)
      return this.execution(execution)
    }
    throw new Error(`the execution of ${id} did not end in ${limitMs} ms`)
  }

  /** The next execution of a workflow that ended well; others, such as one that was killed, are passed over. */
  async succeeded(id: string): Promise<Execution> {
    for (;;) {
      const execution = await this.ended(id)
      if (execution.status === 'success') return execution
    }
  }

  async execution(id: string): Promise<Execution> {
    const answer = await this.api('GET', `/rest/executions/${id}?includeData=true`)
    const data = member(answer, 'data')
    const execution: unknown = Object.assign({}, answer, {
      data: typeof data === 'string' ? unflatten(data) : data,
    })
    if (!isExecution(execution)) throw new Error(`n8n gave no execution ${id}`)
    return execution
  }

  /** An older n8n is ready before its routes are, and takes no owner from its environment: the first login makes one. */
  private async login(): Promise<void> {
    const { email, password } = OWNER
    const settings = await this.settled()
    const fresh = member(member(settings, 'userManagement'), 'showSetupOnFirstLoad') === true
    if (fresh) await this.api('POST', '/rest/owner/setup', { ...OWNER, ...OWNER_NAME })
    else await this.api('POST', '/rest/login', { emailOrLdapLoginId: email, password })
  }

  private async settled(): Promise<unknown> {
    for (let tries = 0; tries < 100; tries++) {
      const settings = await this.api('GET', '/rest/settings').catch(() => undefined)
      if (settings !== undefined) return settings
      await sleep(100)
    }
    throw new Error('n8n has no settings')
  }

  private async ready(): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      if (this.child.exitCode !== null) break
      const answer = await fetch(`${this.url}/healthz/readiness`).catch(() => undefined)
      if (answer?.ok === true) return
      await sleep(100)
    }
    throw new Error(
      `n8n did not start:\n${readFileSync(join(this.home.path, 'server.log'), 'utf8').slice(-2000)}`,
    )
  }
}

function webhook(path: string): object {
  return {
    type: 'n8n-nodes-base.webhook',
    typeVersion: 2,
    webhookId: path,
    parameters: { path, httpMethod: 'GET', responseMode: 'onReceived', options: {} },
  }
}

function ownerEnv({ n8n }: Home): NodeJS.ProcessEnv {
  const hash = execFileSync(
    process.execPath,
    ['-p', `require('bcryptjs').hashSync('${OWNER.password}', 4)`],
    {
      cwd: n8n,
      encoding: 'utf8',
    },
  )
  return {
    N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
    N8N_INSTANCE_OWNER_EMAIL: OWNER.email,
    N8N_INSTANCE_OWNER_FIRST_NAME: OWNER_NAME.firstName,
    N8N_INSTANCE_OWNER_LAST_NAME: OWNER_NAME.lastName,
    N8N_INSTANCE_OWNER_PASSWORD_HASH: hash.trim(),
  }
}

export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined
}
