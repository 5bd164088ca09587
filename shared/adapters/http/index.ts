import type { Http } from '../../core/ports'
import { axiosEngine } from './axios'
import { httpClient } from './client'
import { undiciEngine } from './undici'

/** The http port on Node. */
export const http: Http = {
  open: (options) =>
    httpClient(options.client === 'undici' ? undiciEngine(options) : axiosEngine(options), options),
}
