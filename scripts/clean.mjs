// Empties dist, so that a file deleted from the sources cannot live on in the build.
import { rmSync } from 'node:fs'

rmSync('dist', { recursive: true, force: true })
