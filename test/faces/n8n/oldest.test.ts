import { OLDEST_N8N_FOLDER } from '../../../bench/lib/n8n/place'
import { member } from '../../../bench/lib/n8n/server'
import { oldest } from '../../../bench/lib/n8n/versions.json'
import { agentSuite } from './agent'
import { apiSuite } from './bulk-sync-api'
import { planSuite } from './bulk-sync-plan'
import { credentialsSuite } from './credentials'
import { examplesSuite } from './examples'
import { exceptionsSuite } from './exceptions'
import { gatewaySuite } from './gateway'
import { loopsSuite } from './loops'
import { mappingSuite } from './mapping'
import { personSuite } from './person'
import { reconcileSuite } from './reconcile'
import { describeN8n } from './server'
import { stateSuite } from './state'
import { triggersSuite } from './triggers'

describeN8n(
  `in n8n ${oldest}, the oldest that the package says it runs in`,
  (n8n) => {
    test('it loads: nodes, and those of them that an agent can use', async () => {
      const types = await n8n().api('GET', '/types/nodes.json')
      const names = Array.isArray(types) ? types.map((type: unknown) => String(member(type, 'name'))) : []
      expect(names.filter((name) => name.startsWith('n8n-nodes-tieout')).sort()).toEqual([
        'n8n-nodes-tieout.tieoutBulkSync',
        'n8n-nodes-tieout.tieoutBulkSyncTool',
        'n8n-nodes-tieout.tieoutExceptionTrigger',
        'n8n-nodes-tieout.tieoutExceptions',
        'n8n-nodes-tieout.tieoutExceptionsTool',
        'n8n-nodes-tieout.tieoutReconcile',
        'n8n-nodes-tieout.tieoutReconcileTool',
        'n8n-nodes-tieout.tieoutRunTrigger',
      ])
    })
    describe('the examples', () => {
      examplesSuite(n8n)
    })
    describe('the example that asks a person', () => {
      personSuite(n8n)
    })
    describe('as tools of an AI agent', () => {
      agentSuite(n8n)
    })
    describe('mapping', () => {
      mappingSuite(n8n)
    })
    describe('with a gateway', () => {
      gatewaySuite(n8n)
    })
    describe('credentials of an API', () => {
      credentialsSuite(n8n)
    })
    describe('Tieout Reconcile', () => {
      reconcileSuite(n8n)
    })
    describe('Tieout Bulk Sync plans for other nodes', () => {
      planSuite(n8n)
    })
    describe('Tieout Bulk Sync between HTTP APIs', () => {
      apiSuite(n8n)
    })
    describe('Tieout Exceptions', () => {
      exceptionsSuite(n8n)
    })
    describe('state in and out', () => {
      stateSuite(n8n)
    })
    describe('in a loop', () => {
      loopsSuite(n8n)
    })
    describe('the triggers', () => {
      triggersSuite(n8n)
    })
  },
  OLDEST_N8N_FOLDER,
)
