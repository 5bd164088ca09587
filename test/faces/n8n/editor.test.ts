// An n8n of its own: here the editor finds the credentials that the tests themselves make, and no others.
import { editorSuite } from './editor'
import { editorCredentialsSuite } from './editor-credentials'
import { describeN8n } from './server'

describeN8n('in the editor', (n8n) => {
  editorSuite(n8n)
  editorCredentialsSuite(n8n)
})
