/** Stock whose quantity is a number, so that a record can be refused. */
export const FILES = {
  'tieout.yaml': `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: out.ndjson }
    schema:
      type: object
      properties:
        sku: { type: string }
        quantity: { type: integer }
`,
  'stock.csv': 'sku,quantity\nA1,5\nB2,7\n',
}
