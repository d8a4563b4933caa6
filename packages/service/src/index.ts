/** What the demo and the tests of the whole service need; there is no library here. */
export { type Service, type ServiceOptions, startService } from './app.ts';
export { type Config, type Environment, readConfig, SETTINGS, type Setting } from './config.ts';
export { ServiceError, type ServiceErrorCode, terminalText } from './service-error.ts';
export { createLog, type Log, type LogSink } from './startup-log.ts';
