export { ApiError } from './api-over-http.ts';
export { appCode } from './app-code.ts';
export { CookieJar } from './cookie-jar.ts';
export { createTestApp, type TestApp, type TestAppOptions, type Visitor } from './create-test-app.ts';
export { type LiveSocket, openSocket } from './live-socket.ts';
export { proveSecondFactor } from './prove-second-factor.ts';
export { type SoftPasskey, softPasskey } from './soft-passkey.ts';
export { testEnv } from './test-env.ts';
