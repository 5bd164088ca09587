// One n8n for all: it takes ten seconds to start.
import { describeN8n } from './server'
import { reconcileSuite } from './reconcile'
import { planSuite } from './bulk-sync-plan'
import { apiSuite } from './bulk-sync-api'
import { editorSuite } from './editor'
import { examplesSuite } from './examples'
import { gatewaySuite } from './gateway'

describeN8n('in a real n8n', (n8n) => {
  describe('Tieout Reconcile', () => {
    reconcileSuite(n8n)
  })
  describe('Tieout Bulk Sync plans for other nodes', () => {
    planSuite(n8n)
  })
  describe('Tieout Bulk Sync between HTTP APIs', () => {
    apiSuite(n8n)
  })
  describe('with a gateway', () => {
    gatewaySuite(n8n)
  })
  describe('the examples', () => {
    examplesSuite(n8n)
  })
  describe('in the editor', () => {
    editorSuite(n8n)
  })
})
