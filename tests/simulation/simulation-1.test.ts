import { simulationSuite } from './simulation.contract.ts'

simulationSuite(1, 1_000)
