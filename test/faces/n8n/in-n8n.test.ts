import { entryInN8n } from '../../../n8n/host/in-n8n'
import { errors, isErrorCode } from '../../../shared/contract/errors'

const everywhere = Object.keys(errors).filter(isErrorCode)

test('what to do in n8n is no command of the command line', () => {
  const texts = everywhere.flatMap((code) => {
    const { causes, steps } = entryInN8n(code)
    return [...causes.map(({ check }) => check), ...steps.flatMap(({ do: what, verify }) => [what, verify])]
  })
  const command = /tieout (sync|plan|reconcile|doctor <|runs|validate|exceptions (list|show|compare|retry))/
  expect(texts.filter((text) => command.test(text) && !text.includes('POST'))).toEqual([])
})

test('a setting of a definition is told by the name that the node has for it', () => {
  const [step] = entryInN8n('ANSWER_NOT_UNDERSTOOD').steps
  expect(step?.do).toContain('In n8n: write.results is Outcome of Records')
  expect(step?.verify).toBe('execute the node again')
})

test('nothing is promised that a node without a memory does not do', () => {
  const steps = entryInN8n('UPSTREAM_ERROR').steps.map(({ do: what }) => what)
  expect(steps).toContain('Start the workflow again when the service is back.')
})
