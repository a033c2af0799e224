export function resiliencePage(input: object): string {
  return JSON.stringify(input, null, 1)
}
