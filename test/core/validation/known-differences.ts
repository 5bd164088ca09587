/**
 * Where a validator answers otherwise than the JSON-Schema-Test-Suite, and why. The suite's test holds that this list is
 * exactly what differs: a case that begins to agree has to leave it, and none may join it unseen.
 *
 * `cases` names a file of the suite, or 'file | group', or 'file | group | test'; '*' at the end stands for the rest.
 */
export interface KnownDifference {
  validators: readonly ('ajv' | 'interpreting')[]
  draft: '2020-12' | '7'
  cases: readonly string[]
  reason: string
}

const both = ['ajv', 'interpreting'] as const

export const knownDifferences: readonly KnownDifference[] = [
  {
    validators: both,
    draft: '2020-12',
    cases: ['format.json | * | * is only an annotation by default'],
    reason: 'A wrong date is a wrong record: formats are enforced. The draft leaves that to the application.',
  },
  {
    validators: both,
    draft: '2020-12',
    cases: [
      'dynamicRef.json | *',
      'unevaluatedItems.json | unevaluatedItems with $dynamicRef | *',
      'unevaluatedProperties.json | unevaluatedProperties with $dynamicRef | *',
    ],
    reason:
      'A schema with $dynamicRef is refused as SCHEMA_INVALID: neither library resolves all of them rightly.',
  },
  {
    validators: both,
    draft: '2020-12',
    cases: ['vocabulary.json | *'],
    reason: 'A $schema other than those of the two drafts is refused as SCHEMA_INVALID.',
  },
  {
    validators: both,
    draft: '7',
    cases: [
      'ref.json | ref overrides any sibling keywords | ref valid, maxItems ignored',
      'ref.json | $ref prevents a sibling $id from changing the base uri | *',
    ],
    reason:
      'What stands beside a $ref is enforced as in later drafts; ignoring it, as draft 7 does, would hide rules.',
  },
  {
    validators: ['interpreting'],
    draft: '7',
    cases: ['definitions.json | *', 'ref.json | remote ref, containing refs itself | *'],
    reason: 'The meta-schema is not bundled: a record is never a schema.',
  },
  {
    validators: ['interpreting'],
    draft: '2020-12',
    cases: ['defs.json | *', 'ref.json | remote ref, containing refs itself | *'],
    reason: 'The meta-schema is not bundled: a record is never a schema.',
  },
  {
    validators: ['interpreting'],
    draft: '2020-12',
    cases: [
      'ref.json | order of evaluation: $id and $anchor and $ref | data is valid against first definition',
    ],
    reason: 'The library resolves $anchor beside an $id in the same schema against the outer address.',
  },
  ...(['7', '2020-12'] as const).map((draft) => ({
    validators: both,
    draft,
    cases: [
      'optional/format/uri.json | * | non-numeric port is invalid',
      'optional/format/uri.json | * | leading zero in an embedded IPv4 address is invalid',
      'optional/format/uri.json | * | square brackets are not allowed in a path segment',
    ],
    reason: 'The check of `uri` is one pattern; it lets a few impossible addresses through.',
  })),
]
