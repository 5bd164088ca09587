import { describe } from './entry'

/** Reading on in the feed. Numbers 6020-6021. */
export const feed = describe({
  CURSOR_UNKNOWN: {
    number: 6020,
    status: 400,
    title: 'The cursor of the feed is not known here',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'It was cut or changed on its way', check: 'Compare it with the `next` of the last page' },
      { cause: 'It came from another store, or the store was replaced', check: 'Compare where both run' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Begin without a cursor and leave out the events that you know by their id, or take the `next` of the last page.',
        verify: 'tieout feed',
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
