// The field, its count, and what was typed: kept in the tab until it is saved. Two tabs may have the
// same style open. Where the other one saved first, both texts stay in view until the person has put
// them together.
const place = (style) => `minutes-style-draft:${style}`;
const number = (count) => count.toLocaleString('en');

function kept(style) {
  try {
    const draft = JSON.parse(sessionStorage.getItem(place(style)));
    return typeof draft?.text === 'string' ? draft : null;
  } catch {
    return null;
  }
}

function keep(style, draft) {
  try {
    if (draft) sessionStorage.setItem(place(style), JSON.stringify(draft));
    else sessionStorage.removeItem(place(style));
  } catch {
    // A full or forbidden store: the text is still in the field.
  }
}

export default function ({ parentElement, data: [data], setTriggerValue }) {
  const find = (name) => parentElement.querySelector(name);
  const area = find('#style'), count = find('.count'), note = find('.note');
  const save = find('.save'), attempt = find('.try'), theirs = find('.theirs');
  const say = data.words, state = area.dataset;
  const clean = () => area.value.trim();
  const isBehind = () => Number(state.base) !== data.version && clean() !== data.text;

  // What a person does to the field by a button can be undone like typing.
  const put = (text) => {
    area.focus();
    area.select();
    if (!document.execCommand('insertText', false, text)) area.value = text;
    show();
  };

  const show = () => {
    const text = clean(), over = Array.from(text).length - data.limit;
    count.textContent = say.count
      .replace('{count}', number(over + data.limit))
      .replace('{limit}', number(data.limit));
    count.classList.toggle('over', over > 0);
    const changed = text !== data.text, behind = isBehind();
    note.textContent = over > 0 ? say.over.replace('{over}', number(over))
      : changed ? say.unsaved : '';
    save.disabled = !changed || over > 0;
    save.textContent = behind ? say.save_over : say.save;
    attempt.hidden = !data.may_try;
    attempt.disabled = data.busy || over > 0 || !text;
    attempt.textContent = data.busy ? say.trying : say.try;
    theirs.hidden = !behind;
    theirs.querySelector('textarea').value = data.text;
    keep(data.style, changed ? { text: area.value, base: Number(state.base) } : null);
    // A first text is typed before its style is there.
    if (!changed && data.first) keep('', null);
  };

  if (state.style !== data.style) {
    const draft = kept(data.style) || (data.first ? kept('') : null);
    area.value = draft ? draft.text : data.text;
    const ours = data.saved_here === data.version;
    state.base = draft && !ours ? draft.base : data.version;
    state.style = data.style;
  } else if (Number(state.base) !== data.version) {
    if (data.saved_here === data.version) {
      state.base = data.version;  // our own; what has been typed since rests on it
      if (area.value === state.sent) area.value = data.text;
    } else if (clean() === state.known) {
      area.value = data.text;  // nothing was typed here: the other window's text simply comes
    }
  }
  if (clean() === data.text) state.base = data.version;
  state.known = data.text;

  find('label').textContent = say.label;
  area.placeholder = say.placeholder;
  theirs.querySelector('p').textContent = say.moved_on;
  theirs.querySelector('textarea').setAttribute('aria-label', say.other_text);
  const take = theirs.querySelector('button');
  take.textContent = say.take;
  take.onclick = () => {
    state.base = data.version;
    put(data.text);
  };
  const starters = find('.starters');
  const [heading, help] = [starters.firstElementChild, starters.lastElementChild];
  heading.textContent = say.starters;
  help.textContent = say.starters_help;
  starters.replaceChildren(heading, ...data.starters.map((starter) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = starter.name;
    button.title = starter.what;
    button.onclick = () => put([clean(), starter.text].filter(Boolean).join('\n\n'));
    return button;
  }), help);
  area.oninput = show;
  save.onclick = () => {
    state.sent = area.value;
    // Both texts are in view by then: who saves has seen the other one.
    setTriggerValue('saved', { text: area.value, base: isBehind() ? data.version : Number(state.base) });
  };
  attempt.onclick = () => setTriggerValue('tried', { text: area.value });
  show();
}
