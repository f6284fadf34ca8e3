#pragma once

#include <string_view>

namespace tradeassist::report {

/// The style of the report's page: one column of text, figures in line, light and dark, and a form for paper.
inline constexpr std::string_view kHtmlStyle = R"css(
:root { color-scheme: light dark; --page: #fbfbf9; --text: #1c1f24; --muted: #667080; --rule: #dcdfe4; --soft: #f1f2f0;
  --strategy: #1857b8; --benchmark: #8a6d1f; --good: #14713d; --bad: #b3261e; --heat-good: 20, 125, 65;
  --heat-bad: 190, 45, 35; }
@media (prefers-color-scheme: dark) {
  :root { --page: #14161a; --text: #e6e8eb; --muted: #98a2b0; --rule: #333a44; --soft: #1d2127; --strategy: #7fb0ff;
    --benchmark: #d9b65c; --good: #6fcf97; --bad: #ff8a80; --heat-good: 60, 170, 105; --heat-bad: 225, 85, 75; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, "Segoe UI", Roboto,
  "Helvetica Neue", "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums lining-nums;
  text-rendering: optimizeLegibility; }
main { max-width: 58rem; margin: 0 auto; padding: 3rem 1.5rem 4rem; }
header { border-bottom: 3px solid var(--text); padding-bottom: 1.5rem; margin-bottom: 2rem; }
h1 { font-size: 2.4rem; line-height: 1.15; margin: 0; letter-spacing: -0.015em; overflow-wrap: anywhere; }
h2 { font-size: 1.35rem; line-height: 1.25; margin: 2.75rem 0 0.75rem; letter-spacing: -0.005em; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 0.5rem; }
p { margin: 0 0 0.9rem; max-width: 42rem; overflow-wrap: anywhere; }
.subtitle { color: var(--muted); font-size: 1.15rem; margin: 0.4rem 0 0; }
.verdict { border-left: 4px solid var(--strategy); background: var(--soft); padding: 0.9rem 1.2rem;
  margin: 0 0 1.75rem; font-size: 1.12rem; max-width: none; }
.lead { font-size: 1.1rem; }
.note { color: var(--muted); font-size: 0.92rem; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: 0.9rem 1.5rem;
  margin: 0 0 1.75rem; }
dt { color: var(--muted); font-size: 0.82rem; }
dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 0 0 1.5rem; break-inside: avoid; }
figcaption, caption { text-align: left; color: var(--muted); font-size: 0.9rem; padding: 0 0 0.45rem; }
figcaption strong { color: var(--text); font-weight: 600; }
svg { display: block; width: 100%; height: auto; font-family: inherit; }
.scroll { overflow-x: auto; margin: 0 0 1.75rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; line-height: 1.4; }
th, td { padding: 0.34rem 0.7rem 0.34rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--rule); }
th:last-child, td:last-child { padding-right: 0; }
thead th { border-bottom: 1.5px solid var(--text); font-weight: 600; white-space: nowrap; vertical-align: bottom; }
tbody th { font-weight: 400; }
.number { text-align: right; white-space: nowrap; }
.wide { min-width: 14rem; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.heat { font-size: 0.85rem; }
.heat th, .heat td { border: 0; padding: 0.3rem 0.4rem; text-align: right; white-space: nowrap; }
.heat thead th { font-weight: 600; }
.heat tbody th { text-align: left; color: var(--muted); }
.good-1 { background: rgba(var(--heat-good), 0.12); } .bad-1 { background: rgba(var(--heat-bad), 0.12); }
.good-2 { background: rgba(var(--heat-good), 0.24); } .bad-2 { background: rgba(var(--heat-bad), 0.24); }
.good-3 { background: rgba(var(--heat-good), 0.36); } .bad-3 { background: rgba(var(--heat-bad), 0.36); }
.good-4 { background: rgba(var(--heat-good), 0.48); } .bad-4 { background: rgba(var(--heat-bad), 0.48); }
.good-5 { background: rgba(var(--heat-good), 0.6); } .bad-5 { background: rgba(var(--heat-bad), 0.6); }
line, polyline { fill: none; stroke-linejoin: round; }
.ink-text { stroke: var(--text); } .ink-muted { stroke: var(--muted); } .ink-grid { stroke: var(--rule); }
.ink-strategy { stroke: var(--strategy); } .ink-benchmark { stroke: var(--benchmark); }
.fill-text { fill: var(--text); } .fill-muted { fill: var(--muted); } .fill-strategy { fill: var(--strategy); }
.fill-good { fill: var(--good); } .fill-bad { fill: var(--bad); }
.area-strategy { fill: var(--strategy); fill-opacity: 0.18; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--muted);
  font-size: 0.88rem; }
@page { size: A4; margin: 18mm 16mm; }
@media print {
  :root { color-scheme: light; --page: #fff; --text: #000; --muted: #555; --rule: #ccc; --soft: #f4f4f4;
    --strategy: #1857b8; --benchmark: #8a6d1f; --good: #14713d; --bad: #b3261e; --heat-good: 20, 125, 65;
    --heat-bad: 190, 45, 35; }
  body { font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}
)css";

}  // namespace tradeassist::report
