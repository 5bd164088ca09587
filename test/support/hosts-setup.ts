// Runs once before the tests in real hosts: the package of n8n is built once for all files, which run side by side.
import { buildPackage } from '../../bench/lib/n8n/home'
import { n8nMissing } from '../../bench/lib/n8n/place'

/** Path of the tarball, for the workers of jest. */
export const TARBALL = 'TIEOUT_N8N_TARBALL'

export default function setup(): void {
  if (n8nMissing() === undefined) process.env[TARBALL] = buildPackage()
}
