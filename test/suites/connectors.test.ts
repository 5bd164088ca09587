import { registry } from '../../connectors'
import { connectorSuite } from './connector-suite'
import { drivers } from './drivers'

// A connector is tested by standing in the registry.
for (const connector of Object.values(registry)) {
  const driver = drivers[connector.spec.name]
  if (driver) connectorSuite(connector, driver)
  else {
    test(`${connector.spec.name} has a driver for the common suite`, () => {
      throw new Error('write one and add it to test/suites/drivers; docs/adding-a-connector.md shows how')
    })
  }
}
