import { describe } from './entry'

/** Reading on from a cursor. Numbers 6020-6021. */
export const feed = describe({
  CURSOR_UNKNOWN: {
    number: 6020,
    status: 400,
    title: 'The cursor is not known here',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'It was cut or changed on its way',
        check: 'Compare it with the `next` or the Tieout-Cursor of the last answer',
      },
      { cause: 'It came from another store, or the store was replaced', check: 'Compare where both run' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Take the `next` or the Tieout-Cursor of the last answer, or begin without a cursor; of events leave out those that you know by their id.',
        verify: 'The same again, which is answered with a cursor to go on with',
      },
    ],
  },
  CURSOR_EXPIRED: {
    number: 6021,
    status: 410,
    title: 'The cursor is older than what is remembered',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'Nothing was fetched with it for a long time',
        check: 'The evidence has the days that a cursor holds; look when the job ran last',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Read everything once, without changedSince; what you have and that does not come is gone. Go on with the new cursor.',
        verify: 'The answer has a Tieout-Cursor, and that one is taken',
      },
    ],
  },
})
