import { httpSuite } from './suite'

httpSuite('undici')
