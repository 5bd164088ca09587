import type { Group } from './operation'

/** What the operations of a group are for, in the order in which one meets them. */
export const groups: Readonly<Record<Group, string>> = {
  service: 'What the gateway is, whether it is up, what arrives at it, and what its errors mean.',
  access: "Who one is here, tokens, limits, and what became of one's requests.",
  workflows: 'What is moved from where to where.',
  records: 'Whole files up and down in one call, and single records.',
  runs: 'Syncs, plans and reconciliations: started, followed, stopped, undone.',
  exceptions: 'Records that need a person or a retry.',
  reconciliations: 'Proof that both sides agree, down to the field that differs.',
  events: 'What happened since a cursor, and webhooks for those who can receive them.',
}
