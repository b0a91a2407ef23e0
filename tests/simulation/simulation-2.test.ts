import { simulationSuite } from './simulation.contract.ts'

simulationSuite(1_001, 1_000)
