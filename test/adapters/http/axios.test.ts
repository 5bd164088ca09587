import { httpSuite } from './suite'

httpSuite('axios')
