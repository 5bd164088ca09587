import type { HttpRequest } from '../../../shared/core/ports'

/** Puts the credentials of a connection on its requests. */
export interface Authorizer {
  authorize(request: HttpRequest): Promise<HttpRequest>
  /** Forgets what a 401 has shown to be refused. Absent where another try would be the same. */
  renew?(): void
}
