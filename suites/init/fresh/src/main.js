const list = document.querySelector('#notes')
const notes = await (await fetch('/api/notes')).json()
list.append(
  ...notes.map(({ text }) => {
    const item = document.createElement('li')
    item.textContent = text
    return item
  }),
)
