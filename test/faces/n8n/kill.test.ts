import { killSuite } from './kill'
import { killedTriggersSuite } from './kill-triggers'
import { describePackage } from './server'

describePackage('n8n is killed', (tarball) => {
  killSuite(tarball)
  killedTriggersSuite(tarball)
})
