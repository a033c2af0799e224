import { page } from './powers/browser.ts'
import { db } from './powers/database.ts'
import { http } from './powers/http.ts'
import { type TestClassWith, testWith } from './powers/power.ts'
import { ws } from './powers/web-socket.ts'

/** The base of tests that call the API: `t.http`. */
export class ApiTest extends testWith(http) {}

/** The base of tests that look into the database: `t.db`. */
export class DatabaseTest extends testWith(db) {}

/** The base of tests that hold WebSockets: `t.ws`. */
export class WebSocketTest extends testWith(ws) {}

// Named, or the declarations would name a package of Playwright's own that users don't install.
const TestWithPage: TestClassWith<readonly [typeof page]> = testWith(page)

/** The base of tests in a browser: `t.page`. */
export class BrowserTest extends TestWithPage {}
