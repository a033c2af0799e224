import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'

const file = path.resolve(import.meta.dirname, '../schema/journal.json')
const schema = JSON.parse(await readFile(file, 'utf8')) as {
  properties: { kind: { enum: string[] } }
  oneOf: object[]
}
const ajv = new Ajv2020({ allErrors: true, strictTypes: false, allowUnionTypes: true, strictRequired: false })
// One validator a kind: its complaints are about the record, and not about all kinds that it isn't.
const validators = new Map(
  schema.properties.kind.enum.map((kind, index) => [
    kind,
    ajv.compile({ ...schema, $id: `${kind}.json`, oneOf: [schema.oneOf[index]] }),
  ]),
)

/** Every kind of record that the published schema describes. */
export const describedKinds: readonly string[] = schema.properties.kind.enum

/** What is wrong with the records of a journal by the published schema, a line for each record. */
export async function journalProblems(journal: string): Promise<string[]> {
  const lines = (await readFile(journal, 'utf8')).split('\n').filter((line) => line !== '')
  return lines.flatMap((line) => {
    const record = JSON.parse(line) as { kind: string }
    const validate = validators.get(record.kind)
    if (!validate) return [`${record.kind}: the schema doesn't describe it`]
    const fits: boolean = validate(record)
    return fits ? [] : [`${record.kind}: ${ajv.errorsText(validate.errors)} in ${line.slice(0, 400)}`]
  })
}
