// Files over 300 lines and functions over 60, longest first.
import fs from 'node:fs';
import path from 'node:path';
import { root } from './prepare.mjs';

const FILE_LINES = 300;
const FUNCTION_LINES = 60;

export async function listLong(files) {
  const { default: ts } = await import('typescript');
  const longFiles = [];
  const longFunctions = [];
  for (const file of files.filter((name) => /\.(ts|tsx|mjs|cjs|js)$/.test(name))) {
    const text = fs.readFileSync(path.join(root, file), 'utf8');
    const lines = text.split('\n').length;
    if (lines > FILE_LINES) longFiles.push({ lines, place: file });
    // A test file is one long describe; its length says nothing. A short file has no long function.
    if (lines <= FUNCTION_LINES || /\.test\.tsx?$/.test(file)) continue;
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const lineOf = (position) => source.getLineAndCharacterOfPosition(position).line + 1;
    const visit = (node) => {
      if (ts.isFunctionLike(node) && node.body) {
        const first = lineOf(node.getStart(source));
        const length = lineOf(node.end) - first + 1;
        if (length > FUNCTION_LINES)
          longFunctions.push({ lines: length, place: `${file}:${first} ${nameOf(node, ts)}` });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  const longest = (a, b) => b.lines - a.lines;
  return { longFiles: longFiles.sort(longest), longFunctions: longFunctions.sort(longest) };
}

function nameOf(node, ts) {
  if (node.name) return node.name.getText();
  const { parent } = node;
  return parent && (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) ? parent.name.getText() : '';
}
