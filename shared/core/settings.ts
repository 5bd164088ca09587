import { isList, isObject, type DataRecord } from './record/value'

// The schema of a connector (its spec.ts) has already refused settings of another type; these turn `Value` into the
// type that it stands for. What is not set is undefined.

export function text(settings: DataRecord, name: string): string | undefined {
  const value = settings[name]
  return typeof value === 'string' ? value : undefined
}

export function number(settings: DataRecord, name: string): number | undefined {
  const value = settings[name]
  return typeof value === 'number' ? value : undefined
}

export function flag(settings: DataRecord, name: string): boolean | undefined {
  const value = settings[name]
  return typeof value === 'boolean' ? value : undefined
}

export function section(settings: DataRecord, name: string): DataRecord | undefined {
  const value = settings[name]
  return isObject(value) ? value : undefined
}

export function names(settings: DataRecord, name: string): string[] | undefined {
  const value = settings[name]
  return isList(value) ? value.filter((item) => typeof item === 'string') : undefined
}

/** One of a few words. */
export function choice<T extends string>(
  settings: DataRecord,
  name: string,
  choices: readonly T[],
): T | undefined {
  return choices.find((one) => one === settings[name])
}
