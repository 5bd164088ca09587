import { describe } from './entry'

/** Excel workbooks. Numbers 5140-5149. */
export const xlsx = describe({
  XLSX_SHEET_NOT_FOUND: {
    number: 5140,
    title: 'The workbook has no such sheet',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'A typing mistake, or the sheet was renamed',
        check: 'Compare it with the names in the message',
      },
    ],
    steps: [{ who: 'you', do: 'Set `sheet` to one of them.', verify: 'tieout doctor <workflow>' }],
  },
  XLSX_CELL_ERROR: {
    number: 5141,
    title: 'A cell holds an error instead of a value',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'A formula failed (#N/A, #REF!, #DIV/0!)',
        check: 'Open the workbook at the cell in the message',
      },
      {
        cause: 'A program wrote the formula, and no spreadsheet program has computed it since',
        check: 'Open the workbook: the cell shows its value, and closing it asks whether to save',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the formula, save the workbook and start the workflow again.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  XLSX_CELL_OUTSIDE: {
    number: 5143,
    title: 'A cell has a value but its column has no name',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'The header row is another one than the settings say',
        check: 'Look at the cell in the message',
      },
      { cause: 'A note or a total stands beside the table', check: 'Look at the cell in the message' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Give the column a name, set `headerRow`, or remove the cell.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  XLSX_LIMIT: {
    number: 5142,
    status: 422,
    title: 'The data does not fit into a sheet',
    category: 'limit',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'A sheet has at most 1,048,576 rows and 16,384 columns, a cell 32,767 characters',
        check: 'Compare with the message',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Write CSV or NDJSON instead, or split the workflow.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
})
