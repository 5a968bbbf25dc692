export { ApiError } from './api-over-http.ts';
export { CookieJar } from './cookie-jar.ts';
export { createTestApp, type TestApp, type TestAppOptions, type Visitor } from './create-test-app.ts';
export { type LiveSocket, openSocket } from './live-socket.ts';
export { testEnv } from './test-env.ts';
