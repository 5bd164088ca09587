// One n8n for all: it takes ten seconds to start.
import { describeN8n } from './server'
import { reconcileSuite } from './reconcile'
import { planSuite } from './bulk-sync-plan'
import { mappingSuite } from './mapping'
import { apiSuite } from './bulk-sync-api'
import { credentialsSuite } from './credentials'
import { examplesSuite } from './examples'
import { scanSuite } from './scan'
import { gatewaySuite } from './gateway'
import { gatewayCredentialsSuite } from './gateway-credentials'
import { agentSuite } from './agent'
import { exceptionsSuite } from './exceptions'
import { loopsSuite } from './loops'
import { personSuite } from './person'
import { stateSuite } from './state'
import { triggersSuite } from './triggers'

describeN8n('in a real n8n', (n8n) => {
  describe('Tieout Reconcile', () => {
    reconcileSuite(n8n)
  })
  describe('Tieout Bulk Sync plans for other nodes', () => {
    planSuite(n8n)
  })
  describe('mapping', () => {
    mappingSuite(n8n)
  })
  describe('Tieout Bulk Sync between HTTP APIs', () => {
    apiSuite(n8n)
  })
  describe('with a gateway', () => {
    gatewaySuite(n8n)
  })
  describe('credentials of a gateway', () => {
    gatewayCredentialsSuite(n8n)
  })
  describe('Tieout Exceptions', () => {
    exceptionsSuite(n8n)
  })
  describe('as tools of an AI agent', () => {
    agentSuite(n8n)
  })
  describe('state in and out', () => {
    stateSuite(n8n)
  })
  describe('in a loop', () => {
    loopsSuite(n8n)
  })
  describe('the example that asks a person', () => {
    personSuite(n8n)
  })
  describe('the triggers', () => {
    triggersSuite(n8n)
  })
  describe('credentials of an API', () => {
    credentialsSuite(n8n)
  })
  describe('the examples', () => {
    examplesSuite(n8n)
  })
  describe('the package scan of n8n', () => {
    scanSuite(n8n)
  })
})
