import { contrast, level } from './contrast.js';
import './style.css';

const find = (id) => document.getElementById(id);
const [text, ground, sample, ratio] = ['text', 'ground', 'sample', 'ratio'].map(find);

function show() {
  sample.style.color = text.value;
  sample.style.backgroundColor = ground.value;
  const found = contrast(text.value, ground.value);
  ratio.textContent = `${found.toFixed(1)} : 1, level ${level(found)}`;
}

for (const input of [text, ground]) input.addEventListener('input', show);
show();
