import { Fault } from '../fault'

export function exceptionUnknown(id: number): Fault {
  return new Fault('EXCEPTION_UNKNOWN', `There is no exception ${String(id)} here.`, { exception: id })
}
