const kKeys: readonly (readonly [keys: string, what: string])[] = [
  ["Ctrl Enter", "Run the backtest, or the search being set up"],
  ["S", "Strategies"],
  ["I", "Instrument"],
  ["T", "Timeframe"],
  ["1 2 3 4 5", "Overview, equity, trades, analysis, optimise"],
  ["N B /", "In Optimise: new search, new tournament, filter"],
  ["P", "Pin the run, to compare it with another; 6 compares"],
  ["[ ]", "Previous and next trade on the chart"],
  ["F", "Whole history on the chart"],
  ["N", "Newest bars"],
  ["L", "Logarithmic price scale"],
  ["M", "Results over the whole height"],
  ["Ctrl K", "Commands: everything, by name"],
  ["G", "and then D, S, O, J, M or , (comma): go to a place"],
  ["1 6", "In the settings: first to last section"],
  ["N", "In the settings: a new key, webhook or instrument"],
  ["/", "In the settings: find a key or an instrument"],
  ["W E", "Data: save the query, export the bars"],
  ["J", "Searches"],
  ["1 2 3…", "Tabs of Jobs and of Monitor"],
  ["N", "In Jobs: new schedule"],
  ["D", "Light or dark"],
  ["?", "This help"],
];

/** Shortcuts, and what the figures mean. */
export function Help() {
  return (
    <div className="dialog-content help">
      <dl className="help-keys">
        {kKeys.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p>
        In tables, arrows move, Enter chooses. In the heat map, arrows move between cells. In lists, type to narrow them.
        All times are UTC; a bar is named by its start.
      </p>
      <p>
        The address holds everything that is shown: copy it to come back to the same instrument, strategy, values and search.
      </p>
      <p className="muted">
        Past results say nothing certain about the future. Charts are drawn with{" "}
        <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          TradingView
        </a>{" "}
        Lightweight Charts™, copyright © TradingView, Inc. TradeAssist is not affiliated with TradingView.
      </p>
    </div>
  );
}
