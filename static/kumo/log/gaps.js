// Rows and lines: lines that the size limit dropped keep their numbers but share one row.
export class Gaps {
  constructor() {
    this.list = [];
  }

  set(list) {
    this.list = (list ?? []).filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  }

  rows(lines) {
    return this.list.reduce((rows, [, count]) => rows - count + 1, lines);
  }

  // Returns [line, dropped]: `dropped` is how many lines the row stands for, 0 for a printed line.
  at(row) {
    let line = row;
    for (const [first, count] of this.list) {
      if (line < first) break;
      if (line === first) return [first, count];
      line += count - 1;
    }
    return [line, 0];
  }

  rowOf(line) {
    let row = line;
    for (const [first, count] of this.list) {
      if (line < first) break;
      row -= Math.min(line - first, count - 1);
    }
    return row;
  }

  // Returns the line itself where it was kept, else the first line after its gap.
  kept(line) {
    const gap = this.list.find(([first, count]) => line >= first && line < first + count);
    return gap ? gap[0] + gap[1] : line;
  }
}
