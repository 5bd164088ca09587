import type { ErrorEntries } from './entry'

/** Faults of reconciling. Numbers 6300-6399. */
export const reconciliation = {
  SIDE_INCOMPLETE: {
    number: 6300,
    title: 'A side was not read whole',
    category: 'state',
    owner: 'other-system',
    then: 'stop',
    causes: [
      {
        cause: 'The system listed fewer records than it says there are, or records changed between its pages',
        check: 'tieout reconcile <workflow> --json',
      },
      { cause: 'The connection ended before the last page', check: 'tieout doctor <connection>' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Reconcile again when nothing else writes to the system. If it happens each time, choose a way of paging or an order that the system keeps stable.',
        verify: 'tieout reconcile <workflow>',
      },
    ],
  },
  TARGET_NOT_READABLE: {
    number: 6301,
    title: 'The target cannot be read as it is written',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The connector can only write, or the settings of the target mean nothing to a reader',
        check: 'tieout validate',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Say under reconcile.read of the workflow which stream to read and with which settings of a source.',
        verify: 'tieout reconcile <workflow>',
      },
    ],
  },
} as const satisfies ErrorEntries
