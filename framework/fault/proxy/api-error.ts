/** An error of the HTTP API: its status and the text that clients see. */
export class ApiError extends Error {
  readonly status: number
  constructor(status: number, text: string) {
    super(text)
    this.name = 'ApiError'
    this.status = status
  }
}

/** The API's errors, with Toxiproxy's texts. */
export const apiError = {
  badBody: (detail: string) => new ApiError(400, `bad request body: ${detail}`),
  missingField: (field: string, at?: number) =>
    new ApiError(400, `missing required field: ${field}${at === undefined ? '' : ` at proxy ${at}`}`),
  badStream: () => new ApiError(400, 'stream was invalid, can be either upstream or downstream'),
  badType: () => new ApiError(400, 'invalid toxic type'),
  noProxy: () => new ApiError(404, 'proxy not found'),
  noToxic: () => new ApiError(404, 'toxic not found'),
  proxyExists: () => new ApiError(409, 'proxy already exists'),
  toxicExists: () => new ApiError(409, 'toxic already exists'),
  bodyTooLarge: () => new ApiError(413, 'request body too large'),
  address: (text: string) => new ApiError(500, text),
}
