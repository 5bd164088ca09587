import type { EntityName } from '.'

export interface CounterExample {
  because: string
  value: unknown
}

/** Bodies of requests that are refused, each for one reason. */
export const counterExamples: Partial<Readonly<Record<EntityName, readonly CounterExample[]>>> = {
  RunRequest: [
    { because: 'an undo has an address of its own', value: { kind: 'undo' } },
    { because: 'full is true or false, not a text', value: { full: 'yes' } },
    { because: 'what a guard holds is approved by its hash, not with true', value: { approve: true } },
  ],
  Approval: [{ because: 'the hash is missing from approve', value: { approve: '' } }],
  Record: [{ because: 'one record is an object, not a list of records', value: [{ sku: '00042' }] }],
  ExceptionChange: [
    { because: 'nothing is to be changed', value: {} },
    { because: 'nobody learns later why it was ignored', value: { state: 'ignored' } },
    { because: 'expired is what the retention does, not a person', value: { state: 'expired' } },
    {
      because: 'a due date without its zone is a different moment elsewhere',
      value: { due: '2026-11-25 17:00' },
    },
    { because: 'tags are a list', value: { addTags: 'supplier' } },
    { because: 'source fields are set by name', value: { fix: ['GB'] } },
  ],
  ExceptionsChange: [
    { because: 'it does not say which', value: { change: { comment: 'Asked' } } },
    { because: 'it says which twice', value: { ids: [1], group: 'v1:5f', change: { comment: 'Asked' } } },
    {
      because: 'it does not say of which workflow',
      value: { code: 'VALIDATION_FAILED', change: { comment: 'Asked' } },
    },
    { because: 'it does not say what', value: { ids: [1] } },
    {
      because: 'an empty list means none, and that is hardly meant',
      value: { ids: [], change: { comment: 'Asked' } },
    },
  ],
  DecisionRequest: [
    { because: 'it does not say which', value: { decision: 'accept-source' } },
    { because: 'it does not say what', value: { ids: [4711], reason: 'Counted' } },
    { because: 'nobody learns later why it stands', value: { ids: [4711], decision: 'accept-target' } },
    {
      because: 'it does not say what to write',
      value: { ids: [4711], decision: 'write', reason: 'Counted' },
    },
    {
      because: 'only write takes values',
      value: { ids: [4711], decision: 'ignore', reason: 'Counted', set: { quantity: 12 } },
    },
    {
      because: 'it says which twice',
      value: { ids: [4711], code: 'BREAK_DIFFERS', decision: 'accept-source' },
    },
    { because: 'a decision is one of four', value: { ids: [4711], decision: 'accept', reason: 'Counted' } },
  ],
  RetryRequest: [
    { because: 'an exception has a whole number', value: { ids: [4711.5] } },
    { because: 'a rate of 0 never ends', value: { group: 'v1:5f', rate: 0 } },
    { because: 'it says which twice', value: { ids: [4711], group: 'v1:5f' } },
  ],
  WebhookRequest: [
    { because: 'there is no address', value: { types: ['run.ended'] } },
    { because: 'an address begins with its scheme', value: { url: 'erp.example.com/tieout' } },
    { because: 'types are a list', value: { url: 'https://erp.example.com/tieout', types: 'run.ended' } },
  ],
  Recovery: [{ because: 'a date is not a moment', value: { since: '2026-11-22' } }],
  SignatureRequest: [
    { because: 'a year has twelve months', value: { period: '2026-13', who: 'Kim Lee' } },
    { because: 'somebody has to sign', value: { period: '2026-11', who: '' } },
    { because: 'it closes no period', value: { who: 'Kim Lee' } },
  ],
  TokenRequest: [{ because: 'there is nobody to log in', value: { grant_type: 'password' } }],
}
