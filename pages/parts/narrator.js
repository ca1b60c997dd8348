// Asks for the minutes' sound when it is wanted, because making it takes a while, then plays it.
// One sound at a time: whoever begins tells the others.
const others = (audio) => (event) => { if (event.detail !== audio) audio.pause(); };
export default function ({ parentElement, data: [data] }) {
  const root = parentElement.querySelector(".narrator");
  const [button, word, audio] = root.children;
  if (!audio.dataset.listens) {
    audio.dataset.listens = '1';
    document.addEventListener('minutes-sound', others(audio));
  }
  if (root.dataset.src !== data.src) {
    root.dataset.src = data.src;
    audio.pause();
    audio.removeAttribute("src");
    audio.hidden = true;
    word.textContent = "";
    button.hidden = false;
  }
  audio.onplay = () => document.dispatchEvent(new CustomEvent('minutes-sound', { detail: audio }));
  button.textContent = data.texts.read;
  button.onclick = async () => {
    button.disabled = true;
    word.textContent = data.texts.making;
    try {
      const answer = await fetch(data.src);
      if (!answer.ok) throw new Error((await answer.json()).error);
      audio.src = URL.createObjectURL(await answer.blob());
      audio.hidden = false;
      button.hidden = true;
      word.textContent = "";
      await audio.play().catch(() => {});
    } catch (error) {
      word.textContent = error.message || data.texts.lost;
    } finally {
      button.disabled = false;
    }
  };
}
