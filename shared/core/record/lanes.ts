/** 32-bit numbers in a row that grows: the hashes of many records without an object for each. */
export class Lanes {
  length = 0
  private values = new Int32Array(1024)

  pair(a: number, b: number): void {
    if (this.length + 2 > this.values.length) {
      const larger = new Int32Array(this.values.length * 2)
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.length] = a
    this.values[this.length + 1] = b
    this.length += 2
  }

  set(at: number, value: number): void {
    this.values[at] = value
  }

  get packed(): Int32Array {
    return this.values.slice(0, this.length)
  }
}
