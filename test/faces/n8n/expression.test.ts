import { mentionsItem, variesByItem } from '../../../n8n/host/expression'

test.each<[string, boolean, boolean]>([
  ['={{ $json.url }}', true, true],
  ['={{ $itemIndex }}', true, true],
  ['={{ $input.item.json.url }}', true, true],
  ["={{ $('Settings').item.json.url }}", false, true],
  ['={{ $input.first().json.url }}', false, false],
  ["={{ $('Settings').first().json.url }}", false, false],
  ['={{ $today.toISODate() }}', false, false],
  ['https://api.example.com/items', false, false],
])('%s', (expression, mentions, varies) => {
  expect(mentionsItem(expression)).toBe(mentions)
  expect(variesByItem(expression)).toBe(varies)
})
