import { isList, type DataRecord } from '../record/value'

/** Settings are valid by the connector's schema when they get here; these give them their types. */

export function textSetting(settings: DataRecord, name: string): string | undefined {
  const value = settings[name]
  return typeof value === 'string' ? value : undefined
}

export function flagSetting(settings: DataRecord, name: string): boolean | undefined {
  const value = settings[name]
  return typeof value === 'boolean' ? value : undefined
}

export function namesSetting(settings: DataRecord, name: string): string[] | undefined {
  const value = settings[name]
  return isList(value) ? value.filter((item) => typeof item === 'string') : undefined
}

/** One of a few words; undefined where it is not set. */
export function choiceSetting<T extends string>(
  settings: DataRecord,
  name: string,
  choices: readonly T[],
): T | undefined {
  return choices.find((choice) => choice === settings[name])
}
