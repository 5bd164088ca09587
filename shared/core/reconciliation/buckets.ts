import type { BucketChecksum } from '../snapshot'

/** Which buckets have to be read, and how many records the others hold. */
export class Buckets {
  readonly toRead = new Set<number>()
  readonly records = { source: 0, target: 0 }
  /** Pairs of records in buckets that are equal. */
  agreed = 0
  private readonly equal = new Map<number, number>()

  constructor(source: readonly BucketChecksum[], target: readonly BucketChecksum[]) {
    const sums = new Map(source.map((bucket) => [bucket.bucket, bucket]))
    for (const { bucket, records, sum } of target) {
      const other = sums.get(bucket)
      this.records.target += records
      if (bucket >= 0 && other?.records === records && other.sum === sum) this.equal.set(bucket, records)
      else this.toRead.add(bucket)
    }
    for (const { bucket, records } of source) {
      this.records.source += records
      if (!this.equal.has(bucket)) this.toRead.add(bucket)
    }
    for (const records of this.equal.values()) this.agreed += records
  }

  /** Of all records, 0 to 1. */
  shareToRead(): number {
    const all = this.records.source + this.records.target
    return all === 0 ? 1 : 1 - (2 * this.agreed) / all
  }

  read(buckets: readonly number[]): void {
    for (const bucket of buckets) {
      this.toRead.add(bucket)
      this.agreed -= this.equal.get(bucket) ?? 0
      this.equal.delete(bucket)
    }
  }
}
