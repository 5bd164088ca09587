import type { Http } from '../../shared/core/ports'

/** For work on items alone. */
export const noHttp: Http = {
  open: () => {
    throw new TypeError('nothing here is read over HTTP')
  },
}
