/** The first version with node:sqlite and with require() of ES modules, both without a flag. */
const OLDEST = [22, 13] as const

/** What to do about the version of Node.js, or undefined when it is new enough. */
export function nodeTooOld(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined
  return [
    `NODE_TOO_OLD (8006): Tieout needs Node.js ${OLDEST.join('.')} or later; this is ${version}.`,
    'In the repository, npm ci brings Node.js 24 along: start Tieout with npm run -s tieout -- <command>.',
    'Elsewhere, install Node.js 24 and look with: node --version',
  ].join('\n')
}
