// Written by web/reference/types.mjs from the server's API document; do not change it by hand.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ActionRequest: {
            /**
             * @description The first day without the right
             * @example 2020-08-31
             */
            ex_date: string;
            /**
             * @description What it is
             * @enum {string}
             */
            kind: "split" | "dividend";
            /**
             * @description Of a split new shares for an old one, of a dividend money a share
             * @example 4
             */
            value: number;
        };
        ActionsRequest: {
            /** @description Splits and dividends */
            actions: components["schemas"]["ActionRequest"][];
            /**
             * @description Where the values are from
             * @example exchange
             */
            source?: string | null;
        };
        AggregateAnswer: {
            /** @description How many bars */
            bar_count: number;
            /** @description How long it took */
            execution_time_ms: number;
            /** @description The id of the query */
            query_id: string;
            results: components["schemas"]["AggregatedSymbol"][];
        };
        AggregatedFrequency: {
            /** @description How many bars */
            bar_count: number;
            computed: boolean | null;
            data: components["schemas"]["BarsInColumns"] | components["schemas"]["BarsInRows"] | null;
            /** @description Why it failed */
            error: components["schemas"]["SymbolProblem"] | null;
            /** @description As `timeframe` of GET /api/v1/bars */
            frequency: string;
            reason: string | null;
            status: string;
        };
        AggregatedSymbol: {
            /** @description Of the stored bars that these are made of */
            base_timeframe: string | null;
            /** @description Frequencies, all different */
            frequencies: components["schemas"]["AggregatedFrequency"][];
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string | null;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
        };
        AggregateRequest: {
            /**
             * @description Of a continuous future: how its prices are joined where it rolls
             * @enum {string|null}
             */
            adjustment?: "none" | "difference" | "forward_difference" | "ratio" | null;
            /**
             * @description What kind of instrument it is
             * @enum {string|null}
             */
            asset_class?: "stock" | "index" | "future" | "forex" | "crypto" | "series" | null;
            /** @description 0 is the front contract; needs continuous_series */
            continuous_rank?: number | null;
            /** @description Symbols are roots of futures: ES is then ES.c.0 */
            continuous_series?: boolean | null;
            /**
             * @description Bars before this time
             * @example 2010-01-01
             */
            end?: string | null;
            /** @description Columns with what each bar was multiplied by; needs adjusted prices */
            factors?: boolean | null;
            /**
             * @description What stands where bars are missing while the market was open
             * @enum {string|null}
             */
            fill?: "none" | "forward" | "interpolate" | "zero_volume" | null;
            /**
             * @description How bars are written
             * @enum {string|null}
             */
            format?: "columns" | "json" | null;
            /** @description Frequencies, all different */
            frequencies: string[];
            /** @description Whether what is missing is looked for */
            gaps?: boolean | null;
            /**
             * @description The newest so many bars; not with a range
             * @example 100
             */
            last?: number | null;
            /** @description Of one symbol; more are that symbol's error, never a part of them */
            max_bars?: number | null;
            /**
             * @description A range by name, up to now
             * @enum {string|null}
             */
            preset?: "1d" | "5d" | "1m" | "3m" | "6m" | "1y" | "2y" | "5y" | "ytd" | "max" | null;
            /**
             * @description Whether prices are adjusted for splits, or for splits and dividends
             * @enum {string|null}
             */
            price_adjustment?: "raw" | "splits" | "splits_and_dividends" | null;
            /** @description Whether the bars are judged; of answers in JSON */
            quality?: boolean | null;
            /** @description So much time up to now; one of its fields */
            relative?: components["schemas"]["RelativeRangeRequest"] | null;
            /**
             * @description Of a continuous future: when it rolls
             * @example calendar:5
             * @example volume
             * @example open_interest
             */
            roll_policy?: string | null;
            /**
             * @description Where the bars come from; left out: whichever series fits best
             * @example csv
             */
            source?: string | null;
            /**
             * @description Bars from this time on
             * @example 2009-01-01
             */
            start?: string | null;
            /**
             * @description One instrument, instead of `symbols`
             * @example SP500
             */
            symbol?: string | null;
            /**
             * @description Symbols of instruments, all different
             * @example [
             *       "SP500"
             *     ]
             */
            symbols?: string[] | null;
            /** @description As `vwap` of GET /api/v1/bars, or a boolean; true is bar */
            vwap?: boolean | string | null;
        };
        Alert: {
            /** Format: date-time */
            acknowledged_at: string | null;
            acknowledged_by: string | null;
            /** Format: date-time */
            changed_at: string;
            /** @description The id, as its list and the answer that made it say */
            id: number;
            message: string;
            muted_by: string | null;
            /** Format: date-time */
            muted_until: string | null;
            occurrences: number;
            /** Format: date-time */
            raised_at: string;
            /** Format: date-time */
            resolved_at: string | null;
            runbook: string;
            /** Format: date-time */
            seen_at: string;
            /** @description How bad it is */
            severity: string;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description The state */
            state: string;
            threshold: number;
            /** @description The type */
            type: string;
            value: number;
        };
        AlertEvent: {
            actor: string | null;
            alert_id: number;
            /**
             * Format: date-time
             * @description When it happened
             */
            at: string;
            event: string;
            /** @description The id, as its list and the answer that made it say */
            id: number;
            message: string;
            /** @description How bad it is */
            severity: string;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description The type */
            type: string;
            value: number;
        };
        AlertHistoryPage: {
            /** @description What happened, the newest first */
            events: components["schemas"]["AlertEvent"][];
            /** @description For the next page; null: there is none */
            next_cursor: string | null;
        };
        AlertPage: {
            alerts: components["schemas"]["Alert"][];
            /** @description For the next page; null: there is none */
            next_cursor: string | null;
        };
        ApiKey: {
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When it ends; null: never
             */
            expires_at: string | null;
            /**
             * @description Public part of the token
             * @example 3f9c2d71a04b
             */
            id: string;
            /** Format: date-time */
            last_used_at: string | null;
            /** @description The name */
            name: string;
            /** @description Whose it is */
            owner: string;
            /** Format: date-time */
            revoked_at: string | null;
            /** @description What it may do */
            scopes: ("read" | "trade-research" | "write" | "admin")[];
            /** @description The state */
            state: string;
        };
        ApiKeys: {
            keys: components["schemas"]["ApiKey"][];
        };
        Assessment: {
            deflated_sharpe: number | null;
            effective_trials: number;
            minimum_track_record: number | null;
            out_of_sample_sharpe: number | null;
            overfitting: components["schemas"]["Overfitting"] | null;
            probabilistic_sharpe: number | null;
            reality_check: components["schemas"]["RealityCheck"] | null;
            sharpe: number | null;
            sharpe_interval: components["schemas"]["ConfidenceInterval"] | null;
            trade_order: components["schemas"]["TradeOrder"] | null;
            /** @description How many trials */
            trials: number;
            unknown: string[];
            /** @description What it is worth, in a plain sentence */
            verdict: string;
        };
        AuditEntry: {
            action: string;
            actor: string;
            address: string | null;
            /**
             * Format: date-time
             * @description When it happened
             */
            at: string;
            /** @description SHA-256 over the entry before and all that this one says */
            hash: string;
            number: number;
            outcome: string;
            request_id: string | null;
            target: string | null;
        };
        AuditPage: {
            entries: components["schemas"]["AuditEntry"][];
            /** @description For the next page; null: there is none */
            next_cursor: string | null;
        };
        AuditVerification: {
            /** @description The first entry that is not as it was written; null: all are */
            broken_at: number | null;
            entries: number;
            last_hash: string | null;
        };
        BacktestAnswer: {
            /** @description How many bars */
            bar_count: number;
            drawing_parts_left_out?: number;
            drawings?: components["schemas"]["Drawings"];
            equity: components["schemas"]["EquityCurve"];
            /**
             * Format: date-time
             * @description Of the first bar
             */
            first_time: string;
            /**
             * Format: date-time
             * @description Of the last bar
             */
            last_time: string;
            messages: components["schemas"]["ScriptMessage"][];
            messages_left_out: number;
            metrics: components["schemas"]["Metrics"];
            no_trades_reasons: string[];
            plot_bars_left_out?: number;
            plots?: components["schemas"]["Plot"][];
            /** @description A strategy of the catalogue; or `pine` */
            strategy: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
            trades: components["schemas"]["TradeRow"][];
            trades_truncated: boolean;
            /** @description What to know of it */
            warnings: string[];
        };
        BacktestRequest: {
            /**
             * @description Bars from this time on; a date is its midnight in UTC
             * @example 2010-01-04T00:00:00Z
             */
            from?: string | null;
            /** @description With what the script plots and draws */
            include_plots?: boolean | null;
            /** @description Values of the script's inputs, by name */
            inputs?: {
                [key: string]: number | boolean | string;
            } | null;
            /** @description A whole Pine Script, version 6 */
            pine?: string | null;
            /**
             * @description Whether prices are adjusted for splits, or for splits and dividends
             * @enum {string|null}
             */
            price_adjustment?: "raw" | "splits" | "splits_and_dividends" | null;
            /**
             * @description Properties of strategy() that are to be others, by name
             * @example {
             *       "initial_capital": 50000
             *     }
             */
            properties?: {
                [key: string]: number | boolean | string;
            } | null;
            /**
             * @description A strategy of the catalogue; or `pine`
             * @example RSIStrategy
             */
            strategy?: string | null;
            /**
             * @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1!
             * @example SP500
             */
            symbol: string;
            /**
             * @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $
             * @example 1d
             * @example 5m
             * @example 500t
             */
            timeframe: string;
            /**
             * @description Bars before this time; a date is its midnight in UTC
             * @example 2011-01-03T00:00:00Z
             */
            to?: string | null;
            /** @description No orders before this time: the bars before it only warm the script up */
            trade_from?: string | null;
        };
        BackupHealth: {
            drill_succeeded: boolean | null;
            /** Format: date-time */
            drilled_at: string | null;
            /** Format: date-time */
            failed_at: string | null;
            failure: string | null;
            /** Format: date-time */
            made_at: string | null;
            newest: string | null;
            /** @description When it runs by itself */
            schedule: string;
            status: string;
        };
        BarColumns: {
            close: (number | null)[];
            /** @description The contract that a bar is of */
            contract?: string[];
            dividend_factor?: (number | null)[];
            /** @description How a bar was filled; null: it is stored */
            filled?: (string | null)[];
            high: (number | null)[];
            low: (number | null)[];
            open: (number | null)[];
            open_interest?: (number | null)[];
            split_factor?: (number | null)[];
            time: string[];
            trade_count?: (number | null)[];
            /** @description The close before adjustment */
            unadjusted_close?: (number | null)[];
            volume: (number | null)[];
            /** @description A column of volume-weighted average prices: false, true or bar, session, rolling:N, anchored:TIME */
            vwap?: (number | null)[];
        };
        BarRow: {
            close: number | null;
            /** @description The contract that a bar is of */
            contract?: string;
            dividend_factor?: number | null;
            /** @description How a bar was filled; null: it is stored */
            filled?: string | null;
            high: number | null;
            low: number | null;
            open: number | null;
            open_interest?: number | null;
            split_factor?: number | null;
            /** Format: date-time */
            time: string;
            trade_count?: number | null;
            /** @description The close before adjustment */
            unadjusted_close?: number | null;
            volume: number | null;
            /** @description A column of volume-weighted average prices: false, true or bar, session, rolling:N, anchored:TIME */
            vwap?: number | null;
        };
        BarsInColumns: {
            /** @description Whether prices were adjusted */
            adjusted: boolean;
            /** @description Splits and dividends that do not count yet */
            adjustment_notes?: string[];
            /** @description Partitions in the range that are only in an archive */
            archived: string[];
            /** @description Of the stored bars that these are made of */
            base_timeframe: string;
            /** @description Whether the answer was kept */
            cached: boolean;
            columns: components["schemas"]["BarColumns"];
            /** @description Every number of the range */
            continuous?: components["schemas"]["ContinuousStory"];
            /** @description Splits and dividends */
            corporate_actions?: components["schemas"]["CorporateAction"][];
            /** @description Why there are no bars; null where there are some */
            empty_reason: string | null;
            /** @description Whether what is missing is looked for */
            gaps?: components["schemas"]["GapStory"];
            /**
             * Format: date-time
             * @description When something was stored last: how fresh it is
             */
            last_append_time: string | null;
            /** @description Whether trading may still change the last bar; null: not known */
            last_is_partial: boolean | null;
            /**
             * @description Whether prices are adjusted for splits, or for splits and dividends
             * @enum {string}
             */
            price_adjustment: "raw" | "splits" | "splits_and_dividends";
            /** @description Whether the bars are judged; of answers in JSON */
            quality?: components["schemas"]["QualityStory"];
            /**
             * Format: date-time
             * @description When it was read from the database
             */
            read_at: string;
            /** @description How many bars */
            row_count: number;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description IANA name */
            time_zone: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
            /** @description A column of volume-weighted average prices: false, true or bar, session, rolling:N, anchored:TIME */
            vwap: string | null;
        };
        BarsInRows: {
            /** @description Whether prices were adjusted */
            adjusted: boolean;
            /** @description Splits and dividends that do not count yet */
            adjustment_notes?: string[];
            /** @description Partitions in the range that are only in an archive */
            archived: string[];
            bars: components["schemas"]["BarRow"][];
            /** @description Of the stored bars that these are made of */
            base_timeframe: string;
            /** @description Whether the answer was kept */
            cached: boolean;
            /** @description Every number of the range */
            continuous?: components["schemas"]["ContinuousStory"];
            /** @description Splits and dividends */
            corporate_actions?: components["schemas"]["CorporateAction"][];
            /** @description Why there are no bars; null where there are some */
            empty_reason: string | null;
            /** @description Whether what is missing is looked for */
            gaps?: components["schemas"]["GapStory"];
            /**
             * Format: date-time
             * @description When something was stored last: how fresh it is
             */
            last_append_time: string | null;
            /** @description Whether trading may still change the last bar; null: not known */
            last_is_partial: boolean | null;
            /**
             * @description Whether prices are adjusted for splits, or for splits and dividends
             * @enum {string}
             */
            price_adjustment: "raw" | "splits" | "splits_and_dividends";
            /** @description Whether the bars are judged; of answers in JSON */
            quality?: components["schemas"]["QualityStory"];
            /**
             * Format: date-time
             * @description When it was read from the database
             */
            read_at: string;
            /** @description How many bars */
            row_count: number;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description IANA name */
            time_zone: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
            /** @description A column of volume-weighted average prices: false, true or bar, session, rolling:N, anchored:TIME */
            vwap: string | null;
        };
        BarStatistics: {
            /** @description How many bars */
            bar_count: number;
            /** @description Of the stored bars that these are made of */
            base_timeframe: string;
            /** @description Whether the answer was kept */
            cached: boolean;
            /** @description Why there are no bars; null where there are some */
            empty_reason: string | null;
            /**
             * Format: date-time
             * @description Of the first bar
             */
            first_time: string | null;
            /** @description Whether what is missing is looked for */
            gaps: components["schemas"]["GapSums"] | null;
            high: components["schemas"]["PriceAt"] | null;
            largest_down: components["schemas"]["Move"][];
            largest_up: components["schemas"]["Move"][];
            /**
             * Format: date-time
             * @description When something was stored last: how fresh it is
             */
            last_append_time: string | null;
            /**
             * Format: date-time
             * @description Of the last bar
             */
            last_time: string | null;
            low: components["schemas"]["PriceAt"] | null;
            /**
             * Format: date-time
             * @description When it was read from the database
             */
            read_at: string;
            returns: components["schemas"]["ReturnStatistics"];
            /** @description How many bars */
            row_count: number;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description IANA name */
            time_zone: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
            trading_days: number;
            volume: components["schemas"]["VolumeStatistics"];
        };
        BatchRequest: {
            /**
             * @description All strategies of it
             * @example trend_following
             */
            category?: string | null;
            /**
             * @description Bars from this time on; a date is its midnight in UTC
             * @example 2010-01-04T00:00:00Z
             */
            from?: string | null;
            /**
             * @description What is made as good as possible: GET /api/v1/optimize/objectives
             * @example net_profit
             */
            objective?: string | null;
            /** @description Share of the bars, the newest, that the search does not see */
            out_of_sample_share?: number | null;
            /**
             * @description Whether prices are adjusted for splits, or for splits and dividends
             * @enum {string|null}
             */
            price_adjustment?: "raw" | "splits" | "splits_and_dividends" | null;
            /** @description Of the job: 0 is the lowest */
            priority?: number | null;
            /**
             * @description Properties of strategy() that are to be others, by name
             * @example {
             *       "initial_capital": 50000
             *     }
             */
            properties?: {
                [key: string]: number | boolean | string;
            } | null;
            /**
             * @description What a result has to fulfil
             * @example [
             *       "trades_per_year >= 12"
             *     ]
             */
            require?: string[] | null;
            /**
             * @description How what is tried is chosen: GET /api/v1/optimize/samplers
             * @example tpe
             */
            sampler?: string | null;
            /** @description Of what is drawn: the same seed gives the same tournament */
            seed?: number | null;
            /** @description Stages of the tournament */
            stages?: components["schemas"]["StageRequest"][] | null;
            /** @description Strategies of the catalogue; left out: all, or those of `category` */
            strategies?: string[] | null;
            /**
             * @description Symbols of instruments
             * @example [
             *       "SP500"
             *     ]
             */
            symbols: string[];
            /** @description Of the search; 0: as configured */
            threads?: number | null;
            /**
             * @description Timeframes, all different
             * @example [
             *       "1d"
             *     ]
             */
            timeframes: string[];
            /**
             * @description Bars before this time; a date is its midnight in UTC
             * @example 2011-01-03T00:00:00Z
             */
            to?: string | null;
            /** @description Share of the bars on which the best of the search is chosen */
            validation_share?: number | null;
            /** @description Of the objective composite, by name */
            weights?: {
                [key: string]: number;
            } | null;
        };
        BenchmarkRequest: {
            /** @description Bars that are measured with */
            rows?: number | null;
            /** @description How long each measurement takes */
            seconds?: number | null;
            /** @description Later runs are compared with this one */
            set_baseline?: boolean | null;
        };
        BenchmarkRun: {
            database_kind: string;
            database_version: string;
            hardware: components["schemas"]["Hardware"];
            measurements: components["schemas"]["Measurement"][];
            program_version: string;
            /** @description That it took */
            seconds: number;
            /** Format: date-time */
            started_at: string;
        };
        BenchmarkStatus: {
            /** @description Why it failed */
            error: string | null;
            /** @description The id of the job */
            job_id: string;
            /** @description Of the work, for people */
            phase: string;
            /** @description 0 to 1 */
            progress: number;
            result: unknown;
            /** @description The state */
            state: string;
        };
        BenchmarkStory: {
            baseline: components["schemas"]["StoredRun"] | null;
            comparisons: components["schemas"]["Comparison"][] | null;
            regressions: string[] | null;
            run: components["schemas"]["StoredRun"] | null;
            trend: components["schemas"]["Trend"][];
        };
        BestTrial: {
            /** @description What is made as good as possible: GET /api/v1/optimize/objectives */
            objective: number | null;
            /** @description What is varied, and the values */
            parameters: {
                [key: string]: number | boolean | string | null;
            };
            trial: number;
        };
        CacheHealth: {
            bytes: number;
            bytes_max: number;
            entries: number;
            evictions: number;
            expirations: number;
            failures: number;
            hit_rate: number | null;
            hits: number;
            invalidations: number;
            joined: number;
            load_seconds_max: number | null;
            load_seconds_mean: number | null;
            loads: number;
            questions: number;
            redis: components["schemas"]["RedisHealth"] | null;
            shared_hits: number;
            unsettled: number;
        };
        CatalogueSummary: {
            categories: components["schemas"]["CategorySummary"][];
            complexities: {
                [key: string]: number;
            };
            risk_levels: {
                [key: string]: number;
            };
            total: number;
        };
        CategorySummary: {
            /** @description The category */
            category: string;
            complexities: {
                [key: string]: number;
            };
            count: number;
            risk_levels: {
                [key: string]: number;
            };
            /** @description Strategies of the catalogue */
            strategies: string[];
        };
        ChannelTest: {
            /** @description slack or email */
            channel: string;
            /** @description Why it failed */
            error: string | null;
            sent: boolean;
        };
        ChannelTestRequest: {
            /**
             * @description mail is email
             * @enum {string}
             */
            channel: "slack" | "email" | "mail";
        };
        CheckRequest: {
            /** @description A whole Pine Script, version 6 */
            pine: string;
        };
        ComparedPair: {
            against: number;
            beta: number | null;
            correlation: number | null;
            ratio: (number | null)[];
            series: number;
            spread: (number | null)[];
            /** @description Why it is not known */
            unknown_reason: string | null;
        };
        ComparedSeries: {
            /** @description Of the stored bars that these are made of */
            base_timeframe: string;
            /** @description Whether the answer was kept */
            cached: boolean;
            close: (number | null)[];
            dropped: number;
            /** @description Why there are no bars; null where there are some */
            empty_reason: string | null;
            /**
             * Format: date-time
             * @description Bars before this time
             */
            end: string | null;
            /**
             * Format: date-time
             * @description When something was stored last: how fresh it is
             */
            last_append_time: string | null;
            max_drawdown_percent: number | null;
            /**
             * Format: date-time
             * @description When it was read from the database
             */
            read_at: string;
            rebased: (number | null)[];
            requested_symbol: string;
            return_percent: number | null;
            /** @description How many bars */
            row_count: number;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /**
             * Format: date-time
             * @description Bars from this time on
             */
            start: string | null;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            time: string[] | null;
            /** @description IANA name */
            time_zone: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
            /** @description Why it is not known */
            unknown_reason: string | null;
            volatility_percent: number | null;
        };
        ComparePeriodRequest: {
            /**
             * @description Bars before this time
             * @example 2010-01-01
             */
            end: string;
            /**
             * @description Bars from this time on
             * @example 2009-01-01
             */
            start: string;
        };
        CompareRequest: {
            /**
             * @description Of a continuous future: how its prices are joined where it rolls
             * @enum {string|null}
             */
            adjustment?: "none" | "difference" | "forward_difference" | "ratio" | null;
            /**
             * @description What kind of instrument it is
             * @enum {string|null}
             */
            asset_class?: "stock" | "index" | "future" | "forex" | "crypto" | "series" | null;
            /** @description 0 is the front contract; needs continuous_series */
            continuous_rank?: number | null;
            /** @description Symbols are roots of futures: ES is then ES.c.0 */
            continuous_series?: boolean | null;
            /**
             * @description Bars before this time
             * @example 2010-01-01
             */
            end?: string | null;
            /** @description Columns with what each bar was multiplied by; needs adjusted prices */
            factors?: boolean | null;
            /**
             * @description What stands where bars are missing while the market was open
             * @enum {string|null}
             */
            fill?: "none" | "forward" | "interpolate" | "zero_volume" | null;
            /** @description Has no place in a comparison, which is given as columns */
            format?: string | null;
            /**
             * @description As `timeframe` of GET /api/v1/bars
             * @example 1d
             * @example 5m
             * @example 500t
             */
            frequency: string;
            /** @description Whether what is missing is looked for */
            gaps?: boolean | null;
            /**
             * @description The newest so many bars; not with a range
             * @example 100
             */
            last?: number | null;
            /** @description Of one symbol; more are that symbol's error, never a part of them */
            max_bars?: number | null;
            /** @description Periods of the one symbol */
            periods?: components["schemas"]["ComparePeriodRequest"][] | null;
            /**
             * @description A range by name, up to now
             * @enum {string|null}
             */
            preset?: "1d" | "5d" | "1m" | "3m" | "6m" | "1y" | "2y" | "5y" | "ytd" | "max" | null;
            /**
             * @description Whether prices are adjusted for splits, or for splits and dividends
             * @enum {string|null}
             */
            price_adjustment?: "raw" | "splits" | "splits_and_dividends" | null;
            /** @description Whether the bars are judged; of answers in JSON */
            quality?: boolean | null;
            /** @description So much time up to now; one of its fields */
            relative?: components["schemas"]["RelativeRangeRequest"] | null;
            /**
             * @description Of a continuous future: when it rolls
             * @example calendar:5
             * @example volume
             * @example open_interest
             */
            roll_policy?: string | null;
            /**
             * @description Where the bars come from; left out: whichever series fits best
             * @example csv
             */
            source?: string | null;
            /**
             * @description Bars from this time on
             * @example 2009-01-01
             */
            start?: string | null;
            /**
             * @description The instrument whose `periods` are compared
             * @example SP500
             */
            symbol?: string | null;
            /**
             * @description Instruments that are compared over one range
             * @example [
             *       "SP500",
             *       "GOLD"
             *     ]
             */
            symbols?: string[] | null;
            /** @description As `vwap` of GET /api/v1/bars, or a boolean; true is bar */
            vwap?: boolean | string | null;
        };
        Comparison: {
            change: number | null;
            is_regression: boolean;
            /** @description The name */
            name: string;
            reason: string | null;
        };
        ComparisonAnswer: {
            aligned_by: string;
            common_bars: number;
            /** @description How long it took */
            execution_time_ms: number;
            failed: components["schemas"]["FailedSymbol"][];
            /** @description As `timeframe` of GET /api/v1/bars */
            frequency: string;
            pairs: components["schemas"]["ComparedPair"][];
            /** @description The id of the query */
            query_id: string;
            series: components["schemas"]["ComparedSeries"][];
            time: string[] | null;
        };
        ComponentHealth: {
            alerts: string[];
            message: string;
            /** @description The name */
            name: string;
            status: string;
            /** @description Why what is null was not measured, by the field's name */
            unmeasured: {
                [key: string]: string;
            };
            values: {
                [key: string]: number;
            };
        };
        ComputedOutput: {
            expression: string | null;
            indicator: string | null;
            /** @description The name */
            name: string;
            overlay: boolean;
        };
        ComputeRequest: {
            /** @description Expressions in Pine Script */
            expressions?: components["schemas"]["ExpressionRequest"][] | null;
            /**
             * @description How the answer is written; left out: as Accept says
             * @enum {string|null}
             */
            format?: "columns" | "json" | "csv" | null;
            /**
             * @description Bars from this time on; a date is its midnight in UTC
             * @example 2010-01-04T00:00:00Z
             */
            from?: string | null;
            /** @description Indicators */
            indicators?: components["schemas"]["IndicatorRequest"][] | null;
            /**
             * @description The newest so many bars; not with a range
             * @example 100
             */
            last?: number | null;
            /**
             * @description Whether prices are adjusted for splits, or for splits and dividends
             * @enum {string|null}
             */
            price_adjustment?: "raw" | "splits" | "splits_and_dividends" | null;
            /** @description A whole script, whose plots are the columns; goes without the others */
            script?: string | null;
            /**
             * @description Where the bars come from; left out: whichever series fits best
             * @example csv
             */
            series_source?: string | null;
            /**
             * @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1!
             * @example SP500
             */
            symbol: string;
            /**
             * @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $
             * @example 1d
             * @example 5m
             * @example 500t
             */
            timeframe: string;
            /**
             * @description Bars before this time; a date is its midnight in UTC
             * @example 2011-01-03T00:00:00Z
             */
            to?: string | null;
        };
        ConditionRequest: {
            /** @description Another parameter */
            parameter: string;
            /** @description The values of it with which this one is active */
            values: (number | boolean | string)[];
        };
        ConfidenceInterval: {
            estimate: number;
            high: number;
            level: number;
            low: number;
        };
        Configuration: {
            settings: components["schemas"]["Setting"][];
        };
        ContinuousStory: {
            /** @description How its prices are joined where it rolls */
            adjustment: string;
            /** @description 0 is the front contract */
            rank: number;
            /** @description Of a continuous future: when it rolls */
            roll: string;
            rolls: components["schemas"]["Roll"][];
        };
        CorporateAction: {
            /** @description The first day without the right */
            ex_date: string;
            /** @description Which kind */
            kind: string;
            value: number;
        };
        CorporateActionCounts: {
            added: number;
            changed: number;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            unchanged: number;
        };
        CorporateActionRemoval: {
            /** @description The first day without the right */
            ex_date: string;
            /** @description Which kind */
            kind: string;
            removed: boolean;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
        };
        CorporateActions: {
            /** @description Splits and dividends */
            corporate_actions: components["schemas"]["StoredCorporateAction"][];
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
        };
        CrossValidation: {
            best_sharpe: number;
            median_sharpe: number;
            path_sharpe: number[];
            share_of_loss: number;
            splits: number;
            /** @description A plain sentence */
            statement: string;
            worst_sharpe: number;
        };
        CustomFrequencies: {
            count_max: number;
            count_min: number;
            examples: string[];
            syntax: string;
            units: {
                [key: string]: string;
            };
        };
        DatabaseHealthResponse: {
            free_disk_bytes: number | null;
            /** @description Which kind */
            kind: string | null;
            /** Format: date-time */
            last_maintenance_at: string | null;
            pool: components["schemas"]["PoolsHealth"];
            reachable: boolean | null;
            /**
             * Format: date-time
             * @description When it was measured
             */
            sampled_at: string | null;
            schema_version: number | null;
            size_bytes: number | null;
            status: string;
            /** @description Why what is null was not measured, by the field's name */
            unmeasured: {
                [key: string]: string;
            };
            version: string | null;
            wal_bytes: number | null;
        };
        DataProvider: {
            asset_classes?: string[];
            breaker?: string;
            calls_now?: number;
            failures_in_a_row?: number;
            is_configured: boolean;
            is_live?: boolean;
            /** @description The name */
            name: string;
            reason: string | null;
            /** @description Timeframes, all different */
            timeframes?: string[];
        };
        DataSource: {
            /** @description How many bars */
            bar_count: number;
            /** @description Bars that were replaced by later values */
            corrections: number;
            /**
             * Format: date-time
             * @description Of the first bar
             */
            first_time: string | null;
            /**
             * Format: date-time
             * @description When something was stored last: how fresh it is
             */
            last_append_time: string | null;
            /**
             * Format: date-time
             * @description Of the last bar
             */
            last_time: string | null;
            /** @description The name */
            name: string;
            series_count: number;
            symbol_count: number;
            tick_count: number;
        };
        Delivery: {
            /** @description How often it was started */
            attempts: number;
            /** Format: date-time */
            created_at: string;
            /** @description The id of the delivery */
            delivery_id: string;
            event_id: string;
            /** @description Only those of this type */
            event_type: string;
            /** Format: date-time */
            finished_at: string | null;
            last_error: string | null;
            last_status: number | null;
            /** Format: date-time */
            next_attempt_at: string | null;
            replay: boolean;
            /** @description The state */
            state: string;
            webhook_id: string;
        };
        DeliveryAttempt: {
            /**
             * Format: date-time
             * @description When it happened
             */
            at: string;
            /** @description Why it failed */
            error: string | null;
            number: number;
            request_headers: string;
            response_body: string;
            response_headers: string;
            response_is_cut: boolean;
            status: number | null;
            took_ms: number;
        };
        DeliveryDetail: {
            /** @description How often it was started */
            attempts: number;
            /** Format: date-time */
            created_at: string;
            /** @description The id of the delivery */
            delivery_id: string;
            event_id: string;
            /** @description Only those of this type */
            event_type: string;
            /** Format: date-time */
            finished_at: string | null;
            last_error: string | null;
            last_status: number | null;
            log: components["schemas"]["DeliveryAttempt"][];
            /** Format: date-time */
            next_attempt_at: string | null;
            replay: boolean;
            request_body: string;
            /** @description The state */
            state: string;
            webhook_id: string;
        };
        DeliveryPage: {
            deliveries: components["schemas"]["Delivery"][];
            /** @description For the next page; null: there is none */
            next_cursor: string | null;
        };
        DetailedHealthResponse: {
            alerts: components["schemas"]["OpenAlerts"] | null;
            components: components["schemas"]["ComponentHealth"][];
            /** @description Of the work, for people */
            phase: string;
            /**
             * Format: date-time
             * @description When it was measured
             */
            sampled_at: string | null;
            /** Format: date-time */
            started_at: string | null;
            status: string;
            uptime_seconds: number | null;
            version: string;
        };
        DiscardedData: {
            /**
             * Format: date-time
             * @description When it happened
             */
            at: string;
            by: string;
            parts: unknown;
        };
        DraftRequest: {
            /** @description What the strategy does */
            description: string;
            /**
             * @description Bars from this time on; a date is its midnight in UTC
             * @example 2010-01-04T00:00:00Z
             */
            from?: string | null;
            /**
             * @description Whether prices are adjusted for splits, or for splits and dividends
             * @enum {string|null}
             */
            price_adjustment?: "raw" | "splits" | "splits_and_dividends" | null;
            /** @description How often the model may try */
            rounds?: number | null;
            /**
             * @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1!
             * @example SP500
             */
            symbol: string;
            /**
             * @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $
             * @example 1d
             * @example 5m
             * @example 500t
             */
            timeframe: string;
            /**
             * @description Bars before this time; a date is its midnight in UTC
             * @example 2011-01-03T00:00:00Z
             */
            to?: string | null;
        };
        Drawings: {
            boxes: {
                [key: string]: unknown;
            }[];
            labels: {
                [key: string]: unknown;
            }[];
            linefills: {
                [key: string]: unknown;
            }[];
            lines: {
                [key: string]: unknown;
            }[];
            overlay: boolean;
            polylines: {
                [key: string]: unknown;
            }[];
            tables: {
                [key: string]: unknown;
            }[];
        };
        EquityCurve: {
            buy_and_hold: (number | null)[];
            equity: (number | null)[];
            time: string[];
        };
        ErrorGroupAnswer: {
            count: number;
            /** Format: date-time */
            first_seen: string;
            /** @description The id, as its list and the answer that made it say */
            id: string;
            /** Format: date-time */
            last_seen: string;
            message: string;
            sample: unknown;
            /** @description The state */
            state: string;
            version: string;
            where: string | null;
        };
        ErrorGroupsAnswer: {
            errors: components["schemas"]["ErrorGroupAnswer"][];
            /** @description For the next page; null: there is none */
            next_cursor: string | null;
        };
        EventType: {
            example: unknown;
            of: string;
            /** @description How bad it is */
            severity: string;
            summary: string;
            /** @description The type */
            type: string;
        };
        EventTypeList: {
            event_types: components["schemas"]["EventType"][];
        };
        ExplainRequest: {
            /**
             * @description The id of the job
             * @example 0123456789abcdef0123456789abcdef
             */
            job_id?: string | null;
            /** @description A result itself, instead of a job */
            result?: Record<string, never> | null;
        };
        ExportedFile: {
            bytes: number;
            /** Format: date-time */
            created_at: string;
            /** @description Where the bytes are */
            download_url: string;
            /**
             * Format: date-time
             * @description When it is removed
             */
            expires_at: string;
            /** @description The id, as its list and the answer that made it say */
            id: string;
            media_type: string;
            /** @description The name */
            name: string;
            /** @description Of the bytes */
            sha256: string;
        };
        ExportedFiles: {
            files: components["schemas"]["ExportedFile"][];
        };
        ExportRequest: {
            /**
             * @description Of a report: html (default), pdf, csv, json, xlsx or parquet; of a script: pine
             * @enum {string|null}
             */
            format?: "html" | "pdf" | "csv" | "json" | "xlsx" | "parquet" | "pine" | null;
            /**
             * @description The id of the job
             * @example 0123456789abcdef0123456789abcdef
             */
            job_id: string;
        };
        ExpressionRequest: {
            /**
             * @description What its columns are called
             * @example fast
             */
            as?: string | null;
            /**
             * @description An expression
             * @example ta.ema(close, 20)
             */
            source: string;
        };
        FailedSymbol: {
            code: string;
            message: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
        };
        FetchAccepted: {
            /** @description Of the WebSocket, where its messages are */
            channel: string;
            /** @description The id of the query */
            query_id: string;
            /** @description Where its state is */
            status_url: string;
        };
        FetchAnswer: {
            /** @description How many bars */
            bar_count: number;
            /** @description How long it took */
            execution_time_ms: number;
            /** @description The id of the query */
            query_id: string;
            results: components["schemas"]["FetchedSymbol"][];
        };
        FetchedSymbol: {
            /** @description How many bars */
            bar_count: number;
            data: components["schemas"]["BarsInColumns"] | components["schemas"]["BarsInRows"] | null;
            /** @description Why it failed */
            error: components["schemas"]["SymbolProblem"] | null;
            reason: string | null;
            status: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
        };
        FetchStatus: {
            /** @description Of the WebSocket, where its messages are */
            channel: string;
            /** Format: date-time */
            created_at: string;
            /** @description Why it failed */
            error: string | null;
            /** Format: date-time */
            finished_at: string | null;
            /** @description What a restart, a pause or a failed attempt did to it */
            note: string | null;
            /** @description Of the work, for people */
            phase: string;
            /** @description 0 to 1 */
            progress: number;
            /** @description The id of the query */
            query_id: string;
            /** Format: date-time */
            started_at: string | null;
            status: string;
            /** @description Symbols of instruments, all different */
            symbols: components["schemas"]["SymbolReport"][];
        };
        FileColumn: {
            /** @description The name */
            name: string;
            number: number;
            role: string;
        };
        FileFormat: {
            /** @description Whether stamps are bar starts or ends */
            bar_time: string;
            /** @description given, seen, or assumed */
            bar_time_from: string;
            bytes: number;
            close_only: boolean;
            columns: components["schemas"]["FileColumn"][];
            /** @description The decimal mark */
            decimal: string;
            description: string;
            first_row_line: number;
            header_line: number;
            newest_first: boolean;
            notes: string[];
            /** @description Rows of this symbol, of a file that holds several */
            only: string | null;
            /** @description Between the fields of a row */
            separator: string;
            /** @description The rows are trades or quotes, not bars; needed only where they might be bars */
            ticks: boolean;
            ticks_because: string | null;
            time_column: number;
            time_example: string;
            /** @description Order of dates, or unit of epoch times */
            time_format: string;
            /** @description IANA name */
            time_zone: string;
            /** @description given, stamps, epoch, column_name, or dates */
            time_zone_from: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string | null;
            timeframe_given: boolean;
        };
        FileRowCounts: {
            /** @description Rows that are left out since something is wrong with them */
            bad_rows: number;
            bad_rows_by_reason: {
                [key: string]: number;
            };
            /** @description Repetitions of a row, which are left out */
            duplicates: number;
            /** @description Rows that are stored */
            kept: number;
            notes: string[];
            /** @description Rows that are sorted to their place */
            out_of_order: number;
            /** @description The first twenty bad rows and rows out of order */
            problems: components["schemas"]["RejectedRow"][];
            /** @description Rows in an hour that the clocks went through twice; placed by their order */
            repeated_clock: number;
            /** @description The rows */
            rows: number;
            /** @description Rows of symbols that `only` leaves out */
            unwanted: number;
        };
        Finalist: {
            in_sample_objective: number | null;
            max_drawdown_percent: number | null;
            net_profit_percent: number | null;
            /** @description What is made as good as possible: GET /api/v1/optimize/objectives */
            objective: number | null;
            /** @description What is varied, and the values */
            parameters: {
                [key: string]: number | boolean | string | null;
            };
            total_closed_trades: number;
            trial: number;
        };
        Finding: {
            column: number;
            file: string;
            hint?: string;
            line: number;
            message: string;
            /** @description How bad it is */
            severity: string;
        };
        Frequencies: {
            custom: components["schemas"]["CustomFrequencies"];
            /** @description Frequencies, all different */
            frequencies: components["schemas"]["Frequency"][];
            stored?: components["schemas"]["StoredBase"][];
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string | null;
            tick_bars: components["schemas"]["TickBarKind"][];
            tick_bars_available?: boolean;
        };
        Frequency: {
            /** @description As `timeframe` of GET /api/v1/bars */
            frequency: string;
            is_available?: boolean;
            is_intraday: boolean;
            is_stored?: boolean;
            made_of?: components["schemas"]["StoredBase"][];
            nominal_seconds: number;
            /** @description The same as Pine Script writes it */
            pine: string;
            reason?: string | null;
        };
        FrontTrial: {
            /** @description Several objectives, instead of `objective` */
            objectives: {
                [key: string]: number | null;
            };
            /** @description What is varied, and the values */
            parameters: {
                [key: string]: number | boolean | string | null;
            };
            trial: number;
        };
        Gap: {
            bars: number;
            /**
             * Format: date-time
             * @description Where it begins
             */
            from: string;
            /** @description Which kind */
            kind: string;
            reason: string | null;
            /**
             * Format: date-time
             * @description Where it ends
             */
            to: string;
        };
        GapCounts: {
            closed: number;
            missing: number;
            no_trade: number;
            unknown: number;
        };
        GapPage: {
            /** @description Bars that are missing */
            bars_missing?: number;
            /** @description Bars where the calendar says closed */
            bars_outside?: number;
            /** @description Bars that are there */
            bars_present?: number;
            /** @description Bars that are missing because nothing traded */
            bars_without_trade?: number;
            /** @description Of the stored bars that these are made of */
            base_timeframe: string;
            /** @description Whether the answer was kept */
            cached: boolean;
            /** @description The trading calendar by which gaps are judged; left out: the instrument's */
            calendar: string | null;
            counts?: components["schemas"]["GapCounts"];
            /** @description Why there are no bars; null where there are some */
            empty_reason: string | null;
            /** @description Whether what is missing is looked for */
            gaps?: components["schemas"]["Gap"][];
            /** @description Which hours count */
            hours?: string;
            /** @description Whether there are more than are listed */
            is_cut?: boolean;
            /** @description Which kind */
            kind: string | null;
            /**
             * Format: date-time
             * @description When something was stored last: how fresh it is
             */
            last_append_time: string | null;
            /** @description For the next page; null: there is none */
            next_cursor: string | null;
            /**
             * Format: date-time
             * @description When it was read from the database
             */
            read_at: string;
            /** @description How many bars */
            row_count: number;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description IANA name */
            time_zone: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
            /** @description Why it is not known */
            unknown_reason?: string;
        };
        GapStory: {
            /** @description Bars that are missing */
            bars_missing?: number;
            /** @description Bars where the calendar says closed */
            bars_outside?: number;
            /** @description Bars that are there */
            bars_present?: number;
            /** @description Bars that are missing because nothing traded */
            bars_without_trade?: number;
            /** @description The trading calendar by which gaps are judged; left out: the instrument's */
            calendar: string | null;
            counts?: components["schemas"]["GapCounts"];
            /** @description Whether what is missing is looked for */
            gaps?: components["schemas"]["Gap"][];
            /** @description Which hours count */
            hours?: string;
            /** @description Whether there are more than are listed */
            is_cut?: boolean;
            /** @description Why it is not known */
            unknown_reason?: string;
        };
        GapSums: {
            /** @description Bars that are missing */
            bars_missing?: number;
            /** @description Bars where the calendar says closed */
            bars_outside?: number;
            /** @description Bars that are there */
            bars_present?: number;
            /** @description Bars that are missing because nothing traded */
            bars_without_trade?: number;
            /** @description The trading calendar by which gaps are judged; left out: the instrument's */
            calendar: string | null;
            counts?: components["schemas"]["GapCounts"];
            /** @description Which hours count */
            hours?: string;
            /** @description Why it is not known */
            unknown_reason?: string;
        };
        Hardware: {
            cores: number;
            cpu_model: string | null;
            disk: string | null;
            file_system: string | null;
            kernel: string | null;
            memory_bytes: number | null;
        };
        HealthResponse: {
            alerts: components["schemas"]["OpenAlerts"] | null;
            components: {
                [key: string]: string;
            };
            /** @description Of the work, for people */
            phase: string;
            /**
             * Format: date-time
             * @description When it was measured
             */
            sampled_at: string | null;
            /** Format: date-time */
            started_at: string | null;
            status: string;
            uptime_seconds: number | null;
            version: string;
        };
        HealthTrend: {
            comparison: components["schemas"]["TrendComparison"];
            /** @description The name */
            name: string;
            points: components["schemas"]["TrendPoint"][];
            unit: string;
            what: string;
        };
        HeldMetrics: {
            max_drawdown_percent: number | null;
            return_percent: number | null;
        };
        HeldPeriods: {
            in_sample: components["schemas"]["HeldMetrics"];
            out_of_sample: components["schemas"]["HeldMetrics"] | null;
            validation_sample: components["schemas"]["HeldMetrics"] | null;
        };
        HistoricalFetchRequest: {
            /**
             * @description Of a continuous future: how its prices are joined where it rolls
             * @enum {string|null}
             */
            adjustment?: "none" | "difference" | "forward_difference" | "ratio" | null;
            /** @description Of a provider: asks for what is stored, too, and corrects it */
            again?: boolean | null;
            /**
             * @description What kind of instrument it is
             * @enum {string|null}
             */
            asset_class?: "stock" | "index" | "future" | "forex" | "crypto" | "series" | null;
            /** @description As a job; so is every fetch from a provider */
            background?: boolean | null;
            /** @description 0 is the front contract; needs continuous_series */
            continuous_rank?: number | null;
            /** @description Symbols are roots of futures: ES is then ES.c.0 */
            continuous_series?: boolean | null;
            /**
             * @description Bars before this time
             * @example 2010-01-01
             */
            end?: string | null;
            /** @description Of a provider: bars before and after the regular session, too */
            extended_hours?: boolean | null;
            /** @description Columns with what each bar was multiplied by; needs adjusted prices */
            factors?: boolean | null;
            /**
             * @description What stands where bars are missing while the market was open
             * @enum {string|null}
             */
            fill?: "none" | "forward" | "interpolate" | "zero_volume" | null;
            /**
             * @description How bars are written
             * @enum {string|null}
             */
            format?: "columns" | "json" | null;
            /**
             * @description As `timeframe` of GET /api/v1/bars
             * @example 1d
             * @example 5m
             * @example 500t
             */
            frequency: string;
            /** @description Whether what is missing is looked for */
            gaps?: boolean | null;
            /**
             * @description The newest so many bars; not with a range
             * @example 100
             */
            last?: number | null;
            /** @description Of one symbol; more are that symbol's error, never a part of them */
            max_bars?: number | null;
            /**
             * @description A range by name, up to now
             * @enum {string|null}
             */
            preset?: "1d" | "5d" | "1m" | "3m" | "6m" | "1y" | "2y" | "5y" | "ytd" | "max" | null;
            /**
             * @description Whether prices are adjusted for splits, or for splits and dividends
             * @enum {string|null}
             */
            price_adjustment?: "raw" | "splits" | "splits_and_dividends" | null;
            /** @description Of the job: 0 is the lowest */
            priority?: number | null;
            /**
             * @description Brings what is missing first, in the background
             * @enum {string|null}
             */
            provider?: "schwab" | null;
            /** @description Whether the bars are judged; of answers in JSON */
            quality?: boolean | null;
            /** @description So much time up to now; one of its fields */
            relative?: components["schemas"]["RelativeRangeRequest"] | null;
            /**
             * @description Of a continuous future: when it rolls
             * @example calendar:5
             * @example volume
             * @example open_interest
             */
            roll_policy?: string | null;
            /**
             * @description Where the bars come from; left out: whichever series fits best
             * @example csv
             */
            source?: string | null;
            /**
             * @description Bars from this time on
             * @example 2009-01-01
             */
            start?: string | null;
            /** @description The bars go to the query's channel of the WebSocket */
            stream?: boolean | null;
            /**
             * @description Symbols of instruments, all different
             * @example [
             *       "SP500"
             *     ]
             */
            symbols: string[];
            /** @description As `vwap` of GET /api/v1/bars, or a boolean; true is bar */
            vwap?: boolean | string | null;
        };
        HistoryEntry: {
            action: string;
            after: unknown;
            /**
             * Format: date-time
             * @description When it happened
             */
            at: string;
            before: unknown;
            by: string;
            /** @description The id, as its list and the answer that made it say */
            id: number;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string | null;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string | null;
        };
        HistoryPage: {
            history: components["schemas"]["HistoryEntry"][];
            /** @description For the next page; null: there is none */
            next_cursor: number | null;
        };
        ImportAnswer: {
            /** @description Rows that are left out since something is wrong with them */
            bad_rows: number;
            /** @description New rows, rows with other values than before, and rows that were there already */
            changes: components["schemas"]["ImportChanges"];
            files: components["schemas"]["ImportedFile"][];
            instrument: components["schemas"]["Instrument"];
            instrument_changed: boolean;
            /** @description Files of an archive that hold no bars, and why */
            left_out: components["schemas"]["LeftOutMember"][];
            new_instrument: boolean;
            notes: string[];
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
        };
        ImportChanges: {
            corrected: number;
            inserted: number;
            unchanged: number;
        };
        ImportedFile: {
            /** @description New rows, rows with other values than before, and rows that were there already */
            changes: components["schemas"]["ImportChanges"];
            file: string;
            /** @description The rows */
            rows: components["schemas"]["FileRowCounts"];
            /** @description The rows are trades or quotes, not bars; needed only where they might be bars */
            ticks: boolean;
        };
        ImportPreviewAnswer: {
            files: components["schemas"]["PreviewedFile"][];
            instrument: components["schemas"]["Instrument"];
            instrument_changed: boolean;
            /** @description Files of an archive that hold no bars, and why */
            left_out: components["schemas"]["LeftOutMember"][];
            new_instrument: boolean;
            /** @description Whether an import with the same parameters need not be told `timeframe` or `ticks` */
            says_enough: boolean;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
        };
        Indicator: {
            description: string;
            expression: string | null;
            /** @description The name */
            name: string;
            outputs: components["schemas"]["IndicatorOutput"][];
            overlay: boolean;
            /** @description What is varied, and the values */
            parameters: components["schemas"]["IndicatorParameter"][];
            title: string;
        };
        IndicatorOutput: {
            expression: string | null;
            /** @description The name */
            name: string;
        };
        IndicatorPage: {
            /** @description Indicators */
            indicators: components["schemas"]["Indicator"][];
            /** @description For the next page; null: there is none */
            next_cursor: string | null;
        };
        IndicatorParameter: {
            choices: string[] | null;
            default: number | boolean | string;
            /** @description Which kind */
            kind: string;
            maximum: number | null;
            minimum: number | null;
            /** @description The name */
            name: string;
        };
        IndicatorRequest: {
            /**
             * @description What its columns are called
             * @example fast
             */
            as?: string | null;
            /**
             * @description The indicator's name
             * @example sma
             */
            name: string;
            /**
             * @description Its parameters, by name
             * @example {
             *       "length": 20
             *     }
             */
            parameters?: {
                [key: string]: number | boolean | string;
            } | null;
        };
        IndicatorsInColumns: {
            /** @description Of the stored bars that these are made of */
            base_timeframe: string;
            columns: {
                [key: string]: ((number | null) | string)[];
            };
            /** @description Why there are no bars; null where there are some */
            empty_reason: string | null;
            /**
             * Format: date-time
             * @description When something was stored last: how fresh it is
             */
            last_append_time: string | null;
            outputs: components["schemas"]["ComputedOutput"][];
            /** @description How many bars */
            row_count: number;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description IANA name */
            time_zone: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
            /** @description The bars before the first row that were computed, too */
            warm_up: components["schemas"]["WarmUp"];
            /** @description What to know of it */
            warnings: string[];
        };
        IndicatorsInRows: {
            /** @description Of the stored bars that these are made of */
            base_timeframe: string;
            /** @description Why there are no bars; null where there are some */
            empty_reason: string | null;
            /**
             * Format: date-time
             * @description When something was stored last: how fresh it is
             */
            last_append_time: string | null;
            outputs: components["schemas"]["ComputedOutput"][];
            /** @description How many bars */
            row_count: number;
            /** @description The rows */
            rows: {
                [key: string]: (number | null) | string;
            }[];
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description IANA name */
            time_zone: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
            /** @description The bars before the first row that were computed, too */
            warm_up: components["schemas"]["WarmUp"];
            /** @description What to know of it */
            warnings: string[];
        };
        Input: {
            default: number | boolean | string | null;
            group: string;
            /** @description Which kind */
            kind: string;
            maximum: number | null;
            minimum: number | null;
            /** @description The name */
            name: string;
            options: (number | boolean | string)[] | null;
            step: number | null;
            title: string;
            tooltip: string;
        };
        InsertRates: {
            bars_per_second: number | null;
            bars_per_second_last_minute: number | null;
            bars_stored: number;
        };
        Instrument: {
            /**
             * @description What kind of instrument it is
             * @enum {string}
             */
            asset_class: "stock" | "index" | "future" | "forex" | "crypto" | "series";
            /** @description Of prices */
            currency: string;
            /** @description May be empty */
            exchange: string;
            /** @description The name */
            name: string;
            /** @description What one point of price is worth */
            point_value: number;
            /** @description The smallest step of a quantity */
            quantity_step: number;
            /** @description Trading hours in its time zone; empty: round the clock */
            session: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description The smallest step of a price */
            tick_size: number;
            /** @description IANA name */
            time_zone: string;
        };
        InstrumentChange: {
            /** @description Whether it is hidden now */
            deleted: boolean;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
        };
        InstrumentPage: {
            instruments: components["schemas"]["ListedInstrument"][];
            /** @description For the next page; null: there is none */
            next_cursor: string | null;
        };
        InstrumentRequest: {
            /**
             * @description What kind of instrument it is
             * @enum {string}
             */
            asset_class: "stock" | "index" | "future" | "forex" | "crypto" | "series";
            /**
             * @description Of prices
             * @example USD
             */
            currency: string;
            /**
             * @description May be empty
             * @example NYSE
             */
            exchange: string;
            /**
             * @description For people; may be empty
             * @example S&P 500
             */
            name: string;
            /**
             * @description What one point of price is worth
             * @example 1
             */
            point_value: number;
            /**
             * @description The smallest step of a quantity
             * @example 1
             */
            quantity_step: number;
            /**
             * @description Trading hours in its time zone; empty: round the clock
             * @example 0930-1600
             */
            session: string;
            /**
             * @description The one in the path
             * @example SP500
             */
            symbol: string;
            /**
             * @description The smallest step of a price
             * @example 0.01
             */
            tick_size: number;
            /**
             * @description IANA name
             * @example America/New_York
             */
            time_zone: string;
        };
        IssuedApiKey: {
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When it ends; null: never
             */
            expires_at: string | null;
            /** @description The id, as its list and the answer that made it say */
            id: string;
            /** Format: date-time */
            last_used_at: string | null;
            /** @description The name */
            name: string;
            /** @description Whose it is */
            owner: string;
            /** Format: date-time */
            revoked_at: string | null;
            /** @description What it may do */
            scopes: ("read" | "trade-research" | "write" | "admin")[];
            /** @description The state */
            state: string;
            /** @description The API key; told this once */
            token: string;
        };
        IssuedWebhook: {
            /** Format: date-time */
            created_at: string;
            description: string;
            disabled_reason: string | null;
            /** @description Whether anything is sent to it */
            enabled: boolean;
            /** @description Names of GET /api/v1/webhooks/event-types, groups such as job.*, or * */
            events: string[];
            /** Format: date-time */
            failing_since: string | null;
            /** @description The id, as its list and the answer that made it say */
            id: string;
            /** @description Whose it is */
            owner: string;
            /** @description What its messages are signed with; told this once */
            secret: string;
            /** Format: date-time */
            updated_at: string;
            /** @description Where it is sent to: https://, or as webhook_private_addresses permits */
            url: string;
        };
        Job: {
            /** @description How often it was started */
            attempts: number;
            /** @description How often it may be started */
            attempts_max: number;
            cancel_requested: boolean;
            /** Format: date-time */
            created_at: string;
            /** @description It failed in all its attempts, or did not survive them */
            dead_letter: boolean;
            /** @description The work's own account of its progress */
            detail: unknown;
            /** @description Why it failed */
            error: string | null;
            /** Format: date-time */
            finished_at: string | null;
            has_checkpoint: boolean;
            /** @description The id of the job */
            job_id: string;
            /** @description Which kind */
            kind: string;
            /**
             * Format: date-time
             * @description A failed attempt is not repeated earlier
             */
            not_before: string | null;
            /** @description What a restart, a pause or a failed attempt did to it */
            note: string | null;
            /** @description Whose it is */
            owner: string;
            pause_requested: boolean;
            /** @description Of the work, for people */
            phase: string;
            /** @description Of the job: 0 is the lowest */
            priority: number;
            /** @description 0 to 1 */
            progress: number;
            /** @description The job that this one tries again */
            retry_of: string | null;
            /** @description Which server runs it */
            run_by: string | null;
            /** Format: date-time */
            started_at: string | null;
            /** @description The state */
            state: components["schemas"]["JobState"];
        };
        JobAccepted: {
            /** @description The id of the job */
            job_id: string;
            /** @description Where its state is */
            status_url: string;
        };
        JobCount: {
            count: number;
            /** @description Which kind */
            kind: string;
            /** @description The state */
            state: components["schemas"]["JobState"];
        };
        JobEnding: {
            /** @description The id of the job */
            job_id: string;
            /** @description The state */
            state: components["schemas"]["JobState"];
        };
        JobLog: {
            /** @description The id of the job */
            job_id: string;
            lines: components["schemas"]["JobLogLine"][];
            /** @description For the next page; null: there is none */
            next_cursor: string | null;
        };
        JobLogLine: {
            /**
             * Format: date-time
             * @description When it happened
             */
            at: string;
            level: string;
            number: number;
            text: string;
        };
        JobPage: {
            jobs: components["schemas"]["Job"][];
            /** @description For the next page; null: there is none */
            next_cursor: string | null;
        };
        JobSchedule: {
            /** Format: date-time */
            created_at: string;
            /** @description Five fields: minute, hour, day, month, day of the week */
            cron: string;
            /** @description Whether it submits jobs */
            enabled: boolean;
            /** @description Which kind */
            kind: string;
            /** Format: date-time */
            last_at: string | null;
            last_job_id: string | null;
            /** @description The name */
            name: string;
            /** Format: date-time */
            next_at: string | null;
            /** @description Whose it is */
            owner: string;
            /** @description Of the job: 0 is the lowest */
            priority: number;
            request: unknown;
            /** @description IANA name */
            time_zone: string;
            /** Format: date-time */
            updated_at: string;
        };
        JobSchedules: {
            schedules: components["schemas"]["JobSchedule"][];
        };
        /** @enum {string} */
        JobState: "queued" | "running" | "paused" | "completed" | "failed" | "cancelled";
        JobStatistics: {
            counts: components["schemas"]["JobCount"][];
            dead_letters: number;
            oldest_wait_seconds: number | null;
            times: components["schemas"]["JobTimes"][];
        };
        JobTimes: {
            jobs: number;
            /** @description Which kind */
            kind: string;
            run_seconds: components["schemas"]["Seconds"];
            wait_seconds: components["schemas"]["Seconds"];
        };
        LastImport: {
            corrected: number;
            file: string | null;
            /** Format: date-time */
            finished_at: string | null;
            inserted: number;
            /** Format: date-time */
            started_at: string;
            unchanged: number;
        };
        LeftOutMember: {
            file: string;
            reason: string;
        };
        ListedInstrument: {
            /**
             * @description What kind of instrument it is
             * @enum {string}
             */
            asset_class: "stock" | "index" | "future" | "forex" | "crypto" | "series";
            /** @description Of prices */
            currency: string;
            /** @description May be empty */
            exchange: string;
            /** @description The name */
            name: string;
            /** @description What one point of price is worth */
            point_value: number;
            /** @description The smallest step of a quantity */
            quantity_step: number;
            series: components["schemas"]["StoredSeries"][];
            /** @description Trading hours in its time zone; empty: round the clock */
            session: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description The smallest step of a price */
            tick_size: number;
            /** @description IANA name */
            time_zone: string;
        };
        LiveHealthResponse: {
            holes: components["schemas"]["LiveHole"][];
            holes_count: number;
            login: components["schemas"]["LiveLogin"] | null;
            series: components["schemas"]["LiveSeries"][];
            /** Format: date-time */
            since: string | null;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description The state */
            state: string;
            why: string;
        };
        LiveHole: {
            /**
             * Format: date-time
             * @description Where it begins
             */
            from: string;
            is_filled: boolean;
            reason: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
            /**
             * Format: date-time
             * @description Where it ends
             */
            to: string;
        };
        LiveLogin: {
            /** Format: date-time */
            ends_at: string | null;
            /** Format: date-time */
            logged_in_at: string | null;
            message: string;
            /** @description The state */
            state: string;
        };
        LiveSeries: {
            bars: number;
            failures: number;
            /** Format: date-time */
            last_bar: string | null;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
        };
        LiveSource: {
            holes_count?: number;
            is_configured: boolean;
            reason?: string;
            series_count?: number;
            /** Format: date-time */
            since?: string | null;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string | null;
            /** @description The state */
            state?: string;
            why?: string | null;
        };
        Measurement: {
            description: string;
            higher_is_better: boolean;
            /** @description The name */
            name: string;
            ratio: number | null;
            reason: string | null;
            rival: string;
            rival_spread: number | null;
            rival_value: number | null;
            /** @description The rows */
            rows: number;
            runs: number;
            spread: number | null;
            unit: string;
            value: number | null;
        };
        Metrics: {
            account_size_required: number | null;
            annualized_return_percent: number | null;
            average_bars_in_losing_trades: number | null;
            average_bars_in_trades: number | null;
            average_bars_in_winning_trades: number | null;
            average_drawdown: number | null;
            average_drawdown_days: number | null;
            average_losing_trade: number | null;
            average_losing_trade_percent: number | null;
            average_margin_used: number | null;
            average_run_up: number | null;
            average_run_up_days: number | null;
            average_trade: number | null;
            average_trade_percent: number | null;
            average_winning_trade: number | null;
            average_winning_trade_percent: number | null;
            buy_and_hold_return: number | null;
            buy_and_hold_return_percent: number | null;
            commission_paid: number;
            exposure_percent: number;
            gross_loss: number;
            gross_loss_percent: number;
            gross_profit: number;
            gross_profit_percent: number;
            largest_losing_trade: number | null;
            largest_losing_trade_percent: number | null;
            largest_losing_trade_share: number | null;
            largest_winning_trade: number | null;
            largest_winning_trade_percent: number | null;
            largest_winning_trade_share: number | null;
            long: components["schemas"]["TradeMetrics"];
            losing_trades: number;
            margin_calls: number;
            margin_efficiency: number | null;
            max_contracts_held: number;
            max_drawdown: number;
            max_drawdown_close_to_close: number | null;
            max_drawdown_intrabar: number | null;
            max_drawdown_percent: number;
            max_margin_used: number | null;
            max_run_up: number;
            max_run_up_close_to_close: number | null;
            max_run_up_intrabar: number | null;
            net_profit: number;
            net_profit_percent: number;
            net_profit_percent_of_largest_loss: number | null;
            open_profit: number;
            percent_profitable: number | null;
            profit_factor: number | null;
            ratio_average_win_loss: number | null;
            return_of_max_drawdown: number | null;
            return_on_account_size_required_percent: number | null;
            sharpe_ratio: number | null;
            short: components["schemas"]["TradeMetrics"];
            sortino_ratio: number | null;
            strategy_outperformance: number | null;
            total_closed_trades: number;
            total_open_trades: number;
            total_profit: number | null;
            trades_per_year: number | null;
            winning_trades: number;
        };
        Move: {
            change_percent: number | null;
            from_close: number;
            /** Format: date-time */
            from_time: string;
            to_close: number;
            /** Format: date-time */
            to_time: string;
        };
        MuteRequest: {
            /** @description How long it lasts; or give until */
            minutes?: number | null;
            /**
             * @description When it ends; or give minutes
             * @example 2026-03-03T08:00:00Z
             */
            until?: string | null;
        };
        Neighbour: {
            /** @description What is made as good as possible: GET /api/v1/optimize/objectives */
            objective: number | null;
            parameter: string;
            steps: number;
            value: number | boolean | string | null;
        };
        NewKeyRequest: {
            /** @description When its time is over; left out: never */
            expires_at?: string | null;
            /**
             * @description What it is for
             * @example notebook
             */
            name: string;
            /**
             * @description Whose it is; left out: the caller's own
             * @example ann
             */
            owner?: string | null;
            /**
             * @description What it may do
             * @example [
             *       "read"
             *     ]
             */
            scopes: ("read" | "trade-research" | "write" | "admin")[];
        };
        NewWebhookRequest: {
            /** @description What it is for */
            description?: string | null;
            /**
             * @description Names of GET /api/v1/webhooks/event-types, groups such as job.*, or *
             * @example [
             *       "job.completed",
             *       "alert.*"
             *     ]
             */
            events: string[];
            /**
             * @description Where it is sent to: https://, or as webhook_private_addresses permits
             * @example https://hooks.example.com/trade
             */
            url: string;
        };
        Objective: {
            can_be_weighed: boolean;
            maximise: boolean;
            /** @description The name */
            name: string;
            title: string;
        };
        Objectives: {
            /** @description Several objectives, instead of `objective` */
            objectives: components["schemas"]["Objective"][];
        };
        OpenAlerts: {
            critical: number;
            warning: number;
        };
        OptimizeRequest: {
            /** @description Symbols that what is found is run on, too */
            also?: string[] | null;
            /**
             * @description Conditions that parameters have to fulfil
             * @example [
             *       "fast_length < slow_length"
             *     ]
             */
            constraints?: string[] | null;
            /** @description What the sampler begins with, by parameter */
            first_points?: {
                [key: string]: number | boolean | string;
            }[] | null;
            /**
             * @description Bars from this time on; a date is its midnight in UTC
             * @example 2010-01-04T00:00:00Z
             */
            from?: string | null;
            /** @description Values of the script's inputs, by name */
            inputs?: {
                [key: string]: number | boolean | string;
            } | null;
            /**
             * @description What is made as good as possible: GET /api/v1/optimize/objectives
             * @example net_profit
             */
            objective?: string | null;
            /** @description Several objectives, instead of `objective` */
            objectives?: string[] | null;
            /** @description Share of the bars, the newest, that the search does not see */
            out_of_sample_share?: number | null;
            /** @description What is varied; left out: every input with a range */
            parameters?: components["schemas"]["ParameterRequest"][] | null;
            /** @description A whole Pine Script, version 6 */
            pine?: string | null;
            /**
             * @description Whether prices are adjusted for splits, or for splits and dividends
             * @enum {string|null}
             */
            price_adjustment?: "raw" | "splits" | "splits_and_dividends" | null;
            /** @description Of the job: 0 is the lowest */
            priority?: number | null;
            /**
             * @description Properties of strategy() that are to be others, by name
             * @example {
             *       "initial_capital": 50000
             *     }
             */
            properties?: {
                [key: string]: number | boolean | string;
            } | null;
            /** @description So many random periods are looked at */
            random_periods?: number | null;
            /**
             * @description What a result has to fulfil
             * @example [
             *       "trades_per_year >= 12"
             *     ]
             */
            require?: string[] | null;
            /**
             * @description How what is tried is chosen: GET /api/v1/optimize/samplers
             * @example tpe
             */
            sampler?: string | null;
            /** @description Of what is drawn: the same seed gives the same search */
            seed?: number | null;
            /** @description Ends after so many trials without a better one */
            stop_after?: number | null;
            /**
             * @description A strategy of the catalogue; or `pine`
             * @example RSIStrategy
             */
            strategy?: string | null;
            /**
             * @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1!
             * @example SP500
             */
            symbol: string;
            /** @description Of the search; 0: as configured */
            threads?: number | null;
            /** @description Ends after so long */
            time_limit_seconds?: number | null;
            /**
             * @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $
             * @example 1d
             * @example 5m
             * @example 500t
             */
            timeframe: string;
            /**
             * @description Bars before this time; a date is its midnight in UTC
             * @example 2011-01-03T00:00:00Z
             */
            to?: string | null;
            /**
             * @description At most so many trials
             * @example 100
             */
            trials?: number | null;
            /** @description Whether what the result is worth is asked */
            validate?: boolean | null;
            /** @description Share of the bars on which the best of the search is chosen */
            validation_share?: number | null;
            /** @description Walks forward beside the search */
            walk_forward?: components["schemas"]["WalkForwardRequest"] | null;
            /** @description Of the objective composite, by name */
            weights?: {
                [key: string]: number;
            } | null;
        };
        OtherInstrument: {
            closed_trades: number | null;
            failure: string | null;
            /**
             * Format: date-time
             * @description Bars from this time on; a date is its midnight in UTC
             */
            from: string | null;
            holding_return_percent: number | null;
            max_drawdown_percent: number | null;
            return_percent: number | null;
            sharpe_ratio: number | null;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /**
             * Format: date-time
             * @description Bars before this time; a date is its midnight in UTC
             */
            to: string | null;
        };
        OtherInstruments: {
            /** @description The rows */
            rows: components["schemas"]["OtherInstrument"][];
            /** @description A plain sentence */
            statement: string;
        };
        Overfitting: {
            intercept: number;
            probability: number;
            probability_of_loss: number;
            slope: number;
        };
        ParameterRequest: {
            /** @description Every number of the range */
            continuous?: boolean | null;
            /**
             * @description The first value
             * @example 5
             */
            from?: number | null;
            /**
             * @description The input's name
             * @example rsi_length
             */
            name: string;
            /**
             * @description How a range is spread
             * @enum {string|null}
             */
            scale?: "linear" | "log" | null;
            /**
             * @description From value to value
             * @example 5
             */
            step?: number | null;
            /**
             * @description The last value
             * @example 50
             */
            to?: number | null;
            /** @description A list, instead of a range */
            values?: (number | boolean | string)[] | null;
            /** @description Where the parameter is active; left out: always */
            when?: components["schemas"]["ConditionRequest"] | null;
        };
        Partition: {
            archive_file: string | null;
            /** Format: date-time */
            archived_at: string | null;
            chunk_count: number;
            /**
             * Format: date-time
             * @description Of the first bar
             */
            first_time: string;
            /** @description Which kind */
            kind: string;
            /**
             * Format: date-time
             * @description Of the last bar
             */
            last_time: string;
            /** @description The name */
            name: string;
            payload_bytes: number;
            /** @description How many bars */
            row_count: number;
            /** @description The state */
            state: string;
        };
        PartitionStatusResponse: {
            partitions: components["schemas"]["Partition"][] | null;
            /**
             * Format: date-time
             * @description When it was measured
             */
            sampled_at: string | null;
            /** @description Why what is null was not measured, by the field's name */
            unmeasured: {
                [key: string]: string;
            };
        };
        PerformanceMetricsResponse: {
            benchmark: components["schemas"]["BenchmarkStory"];
            inserts: components["schemas"]["InsertRates"];
            pool: components["schemas"]["PoolsHealth"];
            /**
             * Format: date-time
             * @description When it was measured
             */
            sampled_at: string | null;
            slow_queries: components["schemas"]["SlowQueries"];
            /** @description Why what is null was not measured, by the field's name */
            unmeasured: {
                [key: string]: string;
            };
        };
        PeriodMetrics: {
            /**
             * Format: date-time
             * @description The first bar
             */
            from: string;
            metrics: components["schemas"]["Metrics"];
            /**
             * Format: date-time
             * @description The last bar
             */
            to: string;
        };
        PhaseAnswer: {
            max_ms: number;
            mean_ms: number;
        };
        PineCheck: {
            /** @description What was found */
            findings: components["schemas"]["Finding"][];
            /** @description Its inputs */
            inputs?: components["schemas"]["Input"][];
            /** @description Which kind */
            kind?: string;
            title?: string;
            valid: boolean;
        };
        PlacePeriod: {
            /**
             * Format: date-time
             * @description The first bar
             */
            from: string;
            holding_return_percent: number | null;
            max_drawdown_percent: number | null;
            net_profit_percent: number | null;
            sharpe_ratio: number | null;
            /**
             * Format: date-time
             * @description The last bar
             */
            to: string;
            total_closed_trades: number;
        };
        Plot: {
            color: string | null;
            colors: components["schemas"]["PlotColors"] | null;
            down_color: string | null;
            first?: number;
            first_bar: number;
            high?: (number | null)[];
            /** @description Which kind */
            kind: string;
            line_width: number;
            location: string;
            low?: (number | null)[];
            open?: (number | null)[];
            overlay: boolean;
            second?: number;
            size: string;
            style: string;
            text: string;
            text_color: string | null;
            time_offset: number;
            title: string;
            values: (number | null)[];
            visible: boolean;
        };
        PlotColors: {
            index: (number | null)[];
            palette: string[];
        };
        PoolHealth: {
            in_use: number;
            open: number;
            retries: number;
            size_max: number;
            timeouts: number;
            uses: number;
            wait_milliseconds_average: number | null;
            wait_milliseconds_max: number | null;
            waits: number;
        };
        PoolsHealth: {
            readers: components["schemas"]["PoolHealth"];
            writers: components["schemas"]["PoolHealth"];
        };
        PreviewedFile: {
            /** @description What storing it would do; null: not known, since it is long or of ticks */
            changes: components["schemas"]["ImportChanges"] | null;
            file: string;
            /** @description The first rows, by time; of ticks with price, size, bid and ask */
            first: components["schemas"]["PreviewRow"][];
            /** @description How the answer is written; left out: as Accept says */
            format: components["schemas"]["FileFormat"];
            /** @description The last rows */
            last: components["schemas"]["PreviewRow"][];
            /** @description Why the rows cannot be imported; null: they can */
            refused: string | null;
            /** @description The rows */
            rows: components["schemas"]["FileRowCounts"] | null;
        };
        PreviewRow: {
            ask: number | null;
            bid: number | null;
            close: number | null;
            high: number | null;
            low: number | null;
            open: number | null;
            open_interest: number | null;
            price: number | null;
            size: number | null;
            /** Format: date-time */
            time: string;
            trade_count: number | null;
            volume: number | null;
            /** @description A column of volume-weighted average prices: false, true or bar, session, rolling:N, anchored:TIME */
            vwap: number | null;
        };
        PriceAt: {
            price: number;
            /** Format: date-time */
            time: string;
        };
        ProblemDetails: {
            code: string;
            /** @description The work's own account of its progress */
            detail: string;
            errors?: components["schemas"]["ProblemEntry"][];
            instance: string;
            status: number;
            title: string;
            /** @description The type */
            type: string;
        };
        ProblemEntry: {
            column?: number;
            hint?: string;
            line?: number;
            message: string;
            pointer: string;
        };
        ProcessStatus: {
            status: string;
        };
        ProfileAnswer: {
            dropped: number;
            /** @description How often a second each busy thread is looked at */
            hertz: number;
            samples: number;
            /** @description That it took */
            seconds: number;
            stacks: components["schemas"]["ProfileStackAnswer"][];
            /** @description Of the search; 0: as configured */
            threads: number;
        };
        ProfileStackAnswer: {
            functions: string[];
            samples: number;
        };
        Quality: {
            /** @description Of the stored bars that these are made of */
            base_timeframe: string;
            /** @description The trading calendar by which gaps are judged; left out: the instrument's */
            calendar: string | null;
            day_count: number;
            days: components["schemas"]["QualityDay"][];
            days_cut: boolean;
            /** @description What was found */
            findings: components["schemas"]["QualityFinding"][];
            /**
             * Format: date-time
             * @description The first bar
             */
            from: string;
            /** Format: date-time */
            last_bar: string;
            /** @description How many bars */
            row_count: number;
            /** @description Of 100 */
            score: number;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
        };
        QualityDay: {
            bars: number;
            counts: {
                [key: string]: number;
            };
            date: string;
            /** @description Of 100 */
            score: number;
        };
        QualityFinding: {
            count: number;
            /** Format: date-time */
            first: string | null;
            /** @description That it costs of the score */
            penalty: number;
            reason: string;
            text: string;
        };
        QualityStory: {
            /** @description The trading calendar by which gaps are judged; left out: the instrument's */
            calendar: string | null;
            /** @description What was found */
            findings: components["schemas"]["QualityFinding"][];
            /** @description Of 100 */
            score: number;
        };
        QuerySchedule: {
            /** @description A time of day */
            at: string | null;
            /** @description Null: every day */
            days: string[] | null;
            /** @description Counted on the clock */
            every_minutes: number | null;
            /** @description IANA name */
            time_zone: string | null;
        };
        QueryScheduleRequest: {
            /**
             * @description A time of day
             * @example 17:30
             */
            at?: string | null;
            /** @description Left out: every day */
            days?: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[] | null;
            /** @description Counted on the clock */
            every_minutes?: number | null;
            /**
             * @description IANA name
             * @example America/New_York
             */
            time_zone?: string | null;
        };
        RandomPeriods: {
            count: number;
            longest_days: number;
            /** @description The rows */
            rows: components["schemas"]["SpreadRow"][];
            share_better_than_holding: number | null;
            share_profitable: number;
            shortest_days: number;
            /** @description A plain sentence */
            statement: string;
        };
        RangesRequest: {
            /** @description A whole Pine Script, version 6 */
            pine?: string | null;
            /** @description How often the model may try */
            rounds?: number | null;
            /**
             * @description A strategy of the catalogue; or `pine`
             * @example RSIStrategy
             */
            strategy?: string | null;
        };
        ReadinessAnswer: {
            checks: {
                [key: string]: string;
            };
            status: string;
        };
        RealityCheck: {
            mean_block: number;
            spa: number;
            spa_lower: number;
            spa_upper: number;
            white: number;
        };
        RedisHealth: {
            commands: number;
            failures: number;
            is_away: boolean;
            skipped: number;
        };
        RegimeRow: {
            days: number;
            holding_return_percent: number | null;
            regime: string;
            return_percent: number | null;
            sharpe: number | null;
        };
        Regimes: {
            /** @description The rows */
            rows: components["schemas"]["RegimeRow"][];
            rule: string;
            /** @description A plain sentence */
            statement: string;
        };
        RejectedRow: {
            line: number;
            message: string;
            reason: string;
        };
        RelativeRangeRequest: {
            /** @description So many days */
            days?: number | null;
            /** @description So many months */
            months?: number | null;
            /** @description So many weeks */
            weeks?: number | null;
            /** @description So many years */
            years?: number | null;
        };
        RemovedWebhook: {
            /** @description The id, as its list and the answer that made it say */
            id: string;
            removed: boolean;
        };
        Replayed: {
            replayed: number;
        };
        ReportedError: {
            code: string;
            message: string;
        };
        RequestTimingsAnswer: {
            routes: components["schemas"]["RouteTimingsAnswer"][];
            timing_percent: number;
        };
        ResearchStatus: {
            configured: boolean;
            model: string | null;
        };
        ReturnStatistics: {
            count: number;
            deviation_percent: number | null;
            mean_percent: number | null;
            median_percent: number | null;
            undefined: number;
        };
        Roll: {
            factor: number | null;
            /** @description The contract before */
            from: string;
            gap: number | null;
            last_date: string | null;
            overlap: string;
            post: number | null;
            pre: number | null;
            /** Format: date-time */
            time: string;
            /** @description The contract after */
            to: string;
        };
        RotateRequest: {
            /** @description For which the secret before it still holds */
            grace_seconds?: number | null;
        };
        RouteTimingsAnswer: {
            phases: {
                [key: string]: components["schemas"]["PhaseAnswer"];
            };
            requests: number;
            route: string;
        };
        Sampler: {
            /** @description The name */
            name: string;
            needs_steps: boolean;
            summary: string;
        };
        Samplers: {
            samplers: components["schemas"]["Sampler"][];
        };
        SavedQuery: {
            average_time_ms: number | null;
            /** Format: date-time */
            created_at: string | null;
            /** Format: date-time */
            deleted_at: string | null;
            description: string | null;
            execute_count: number;
            /** @description Is kept in the cache before others */
            favourite: boolean | null;
            /** @description The id, as its list and the answer that made it say */
            id: number;
            /** Format: date-time */
            last_executed_at: string | null;
            last_query_id: string | null;
            /** @description The name */
            name: string;
            /** Format: date-time */
            next_run_at: string | null;
            request: unknown;
            /** @description When it runs by itself */
            schedule: components["schemas"]["QuerySchedule"] | null;
            /** @description At most 20, all different */
            tags: string[] | null;
            /** Format: date-time */
            updated_at: string | null;
        };
        SavedQueryPage: {
            /** @description For the next page; null: there is none */
            next_cursor: number | null;
            queries: components["schemas"]["SavedQuery"][];
        };
        SavedQueryRequest: {
            /** @description At most 2,000 bytes */
            description?: string | null;
            /** @description Is kept in the cache before others */
            favourite?: boolean | null;
            /**
             * @description At most 100 bytes, unique
             * @example Closes of the year
             */
            name: string;
            /** @description The body of POST /api/v1/historical-data/fetch */
            request: Record<string, never>;
            /** @description When it runs by itself */
            schedule?: components["schemas"]["QueryScheduleRequest"] | null;
            /**
             * @description At most 20, all different
             * @example [
             *       "daily"
             *     ]
             */
            tags?: string[] | null;
        };
        ScheduleRemoval: {
            /** @description The name */
            name: string;
            removed: boolean;
        };
        ScheduleRequest: {
            /**
             * @description Five fields: minute, hour, day, month, day of the week
             * @example 30 17 * * mon-fri
             */
            cron: string;
            /** @description Whether it submits jobs */
            enabled?: boolean | null;
            /**
             * @description What it starts
             * @enum {string}
             */
            kind: "optimize" | "historical_data";
            /** @description Of the job: 0 is the lowest */
            priority?: number | null;
            /** @description The body that starts such a job */
            request: Record<string, never>;
            /**
             * @description IANA name
             * @example America/New_York
             */
            time_zone?: string | null;
        };
        SchwabLogin: {
            /** @description Where to log in with a browser */
            authorize_url: string | null;
            /** @description What the browser's address begins with after the login */
            callback: string | null;
            configured: boolean;
            /** @description Until the login ends */
            days_left: number | null;
            /** Format: date-time */
            ends_at: string | null;
            /** Format: date-time */
            logged_in_at: string | null;
            message: string;
            /** @description The state */
            state: string;
        };
        SchwabLoginRequest: {
            /** @description The address that the browser was sent to after the login, with its code */
            redirected_to: string;
        };
        ScriptMessage: {
            /** @description Which kind */
            kind: string;
            text: string;
            /** Format: date-time */
            time: string;
        };
        SearchAccepted: {
            /** @description The id of the job */
            job_id: string;
            /** @description Where its result will be */
            results_url: string;
            /** @description Where its state is */
            status_url: string;
        };
        SearchCheck: {
            /** @description How many there are; null where they cannot be counted */
            combinations: number | null;
            /** @description How many trials */
            trials: number;
            valid: boolean;
        };
        SearchPage: {
            jobs: components["schemas"]["SearchStatus"][];
            /** @description For the next page; null: there is none */
            next_cursor: string | null;
        };
        SearchResult: {
            assessment?: components["schemas"]["Assessment"] | null;
            buy_and_hold: components["schemas"]["HeldPeriods"];
            /** @description How many there are; null where they cannot be counted */
            combinations: number | null;
            cross_validation?: components["schemas"]["CrossValidation"] | null;
            /** @description Of the bars: the same where they are the same */
            data_fingerprint: string;
            default_parameters: {
                [key: string]: number | boolean | string | null;
            };
            equity: components["schemas"]["SplitEquityCurve"];
            finalists?: components["schemas"]["Finalist"][] | null;
            in_sample: components["schemas"]["PeriodMetrics"];
            /** @description The id of the job */
            job_id?: string;
            /** @description What is made as good as possible: GET /api/v1/optimize/objectives */
            objective: string;
            /** @description Several objectives, instead of `objective` */
            objectives?: string[];
            other_instruments?: components["schemas"]["OtherInstruments"] | null;
            out_of_sample: components["schemas"]["PeriodMetrics"] | null;
            /** @description What is varied, and the values */
            parameters: {
                [key: string]: number | boolean | string | null;
            };
            pareto_front?: components["schemas"]["FrontTrial"][] | null;
            /** @description Properties of strategy() that are to be others, by name */
            properties?: {
                [key: string]: number | boolean | string | null;
            };
            /** @description The result in random periods */
            random_periods?: components["schemas"]["RandomPeriods"] | null;
            regimes?: components["schemas"]["Regimes"] | null;
            request?: unknown;
            /** @description How what is tried is chosen: GET /api/v1/optimize/samplers */
            sampler: string;
            /** @description Of what is drawn: the same seed gives the same search */
            seed: number;
            /** Format: date-time */
            split_time: string | null;
            stability?: components["schemas"]["Stability"] | null;
            /** @description A plain sentence */
            statement: string;
            stopped?: string | null;
            /** @description A strategy of the catalogue; or `pine` */
            strategy: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
            /** @description How many trials */
            trials: components["schemas"]["TrialColumns"];
            trials_tried: number;
            validation_sample?: components["schemas"]["PeriodMetrics"] | null;
            /** @description Walks forward beside the search */
            walk_forward?: components["schemas"]["WalkForward"] | null;
            /** @description What to know of it */
            warnings?: string[];
        };
        SearchStatus: {
            best: components["schemas"]["BestTrial"] | null;
            /** Format: date-time */
            created_at: string;
            /** @description Why it failed */
            error: string | null;
            /** Format: date-time */
            finished_at: string | null;
            /** @description The id of the job */
            job_id: string;
            /** @description What a restart, a pause or a failed attempt did to it */
            note: string | null;
            /** @description Of the work, for people */
            phase: string;
            /** @description 0 to 1 */
            progress: number;
            seconds_left: number | null;
            /** Format: date-time */
            started_at: string | null;
            /** @description The state */
            state: components["schemas"]["JobState"];
            /** @description A strategy of the catalogue; or `pine` */
            strategy: string | null;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string | null;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string | null;
            trials_done: number | null;
            trials_per_second: number | null;
            trials_total: number | null;
        };
        Seconds: {
            max: number | null;
            median: number | null;
            p95: number | null;
        };
        SeriesHealthEntry: {
            /** @description Partitions in the range that are only in an archive */
            archived: string[];
            bars_due: number | null;
            /** @description The trading calendar by which gaps are judged; left out: the instrument's */
            calendar: string | null;
            /** @description Bars that were replaced by later values */
            corrections: number;
            discarded: components["schemas"]["DiscardedData"][];
            /**
             * Format: date-time
             * @description Of the first bar
             */
            first_time: string | null;
            /**
             * Format: date-time
             * @description When something was stored last: how fresh it is
             */
            last_append_time: string | null;
            last_import: components["schemas"]["LastImport"] | null;
            /**
             * Format: date-time
             * @description Of the last bar
             */
            last_time: string | null;
            open_seconds_since_last: number | null;
            reason: string;
            /** @description How many bars */
            row_count: number;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description The state */
            state: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
        };
        SeriesHealthPage: {
            /** Format: date-time */
            as_of: string;
            /** @description For the next page; null: there is none */
            next_cursor: string | null;
            series: components["schemas"]["SeriesHealthEntry"][];
            summary: components["schemas"]["SeriesHealthSummary"];
        };
        SeriesHealthSummary: {
            fresh: number;
            /** @description Whether there are more than are listed */
            is_cut: boolean;
            series: number;
            stale: number;
            unknown: number;
        };
        Setting: {
            help: string;
            /** @description Whether a running server takes up a change on SIGHUP */
            is_reloadable: boolean;
            /** @description Whether the value is never told */
            is_secret: boolean;
            /** @description Whether it is not empty */
            is_set: boolean;
            /** @description The name */
            name: string;
            /** @description default, FILE:LINE, TRADEASSIST_NAME, or --flag */
            origin: string;
            /** @description default, file, environment, or flag */
            origin_kind: string;
            /** @description What holds where nothing is said; null of a secret */
            otherwise: string | null;
            /** @description In force; null of a secret */
            value: string | null;
            /** @description Whether a change that was read holds only after a restart */
            waits_for_restart: boolean;
        };
        SlowQueries: {
            count: number;
            count_last_minute: number | null;
            newest: components["schemas"]["SlowQuery"][];
            threshold_milliseconds: number;
        };
        SlowQuery: {
            /** Format: date-time */
            finished_at: string;
            milliseconds: number;
            sql: string;
        };
        Sources: {
            live: components["schemas"]["LiveSource"];
            providers: components["schemas"]["DataProvider"][];
            sources: components["schemas"]["DataSource"][];
        };
        SplitEquityCurve: {
            buy_and_hold: (number | null)[];
            equity: (number | null)[];
            split_index: number;
            time: string[];
        };
        SpreadRow: {
            best: number;
            median: number;
            of: string;
            p05: number;
            p95: number;
            worst: number;
        };
        Stability: {
            best: number | null;
            left_out: number;
            median: number | null;
            /** @description The rows */
            rows: components["schemas"]["Neighbour"][];
            share_of_trials_beaten: number | null;
            /** @description A plain sentence */
            statement: string;
            worst: number | null;
        };
        StageRequest: {
            /** @description So many go on to the next stage */
            keep?: number | null;
            /** @description Trials of each combination in this stage */
            trials: number;
        };
        StoredBase: {
            /**
             * Format: date-time
             * @description Of the first bar
             */
            first_time: string | null;
            /**
             * Format: date-time
             * @description Of the last bar
             */
            last_time: string | null;
            /** @description How many bars */
            row_count: number;
            series_count: number;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
        };
        StoredCorporateAction: {
            /** Format: date-time */
            created_at: string;
            /** @description The first day without the right */
            ex_date: string;
            /** @description Which kind */
            kind: string;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** Format: date-time */
            updated_at: string;
            value: number;
        };
        StoredRun: {
            /** @description The id, as its list and the answer that made it say */
            id: number;
            is_baseline: boolean;
            run: components["schemas"]["BenchmarkRun"];
        };
        StoredSeries: {
            /** @description Bars that were replaced by later values */
            corrections: number;
            /**
             * Format: date-time
             * @description Of the first bar
             */
            first_time: string | null;
            /**
             * Format: date-time
             * @description When something was stored last: how fresh it is
             */
            last_append_time: string | null;
            /**
             * Format: date-time
             * @description Of the last bar
             */
            last_time: string | null;
            /** @description How many bars */
            row_count: number;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string;
        };
        Strategy: {
            /** @description The category */
            category: string;
            /**
             * @description How much there is to understand
             * @enum {string}
             */
            complexity: "simple" | "moderate" | "advanced";
            fails_when: string;
            idea: string;
            input_count: number;
            /** @description Its inputs, with their ranges */
            inputs: components["schemas"]["Input"][];
            /** @description The name */
            name: string;
            /** @description A whole Pine Script, version 6 */
            pine: string;
            /**
             * @description How much can be lost
             * @enum {string}
             */
            risk_level: "low" | "medium" | "high";
            settings: components["schemas"]["StrategySettings"];
            source_reference: string;
            summary: string;
            works_when: string;
        };
        StrategyPage: {
            /** @description Strategies of the catalogue */
            strategies: components["schemas"]["StrategySummary"][];
            total: number;
        };
        StrategySettings: {
            close_entries_rule: string;
            commission_type: string;
            commission_value: number;
            default_qty_type: string;
            default_qty_value: number;
            initial_capital: number;
            margin_long: number;
            margin_short: number;
            overlay: boolean;
            process_orders_on_close: boolean;
            pyramiding: number;
            slippage: number;
            title: string;
        };
        StrategySummary: {
            /** @description The category */
            category: string;
            /**
             * @description How much there is to understand
             * @enum {string}
             */
            complexity: "simple" | "moderate" | "advanced";
            input_count: number;
            /** @description The name */
            name: string;
            /**
             * @description How much can be lost
             * @enum {string}
             */
            risk_level: "low" | "medium" | "high";
            summary: string;
        };
        SymbolProblem: {
            code: string;
            message: string;
        };
        /** @description How far a query in the background is with one symbol */
        SymbolReport: {
            bars: number | null;
            /** @description Bars that are missing */
            bars_missing: number | null;
            /** @description Bars that are missing because nothing traded */
            bars_without_trade: number | null;
            /** @description Of the stored bars that these are made of */
            base_timeframe: string | null;
            /** @description Whether the answer was kept */
            cached: boolean | null;
            calls: number | null;
            chunks: number | null;
            corrected: number | null;
            /** @description Why it failed */
            error: components["schemas"]["ReportedError"] | null;
            /**
             * Format: date-time
             * @description Of the first bar
             */
            first_time: string | null;
            inserted: number | null;
            /**
             * Format: date-time
             * @description When something was stored last: how fresh it is
             */
            last_append_time: string | null;
            /** @description Whether trading may still change the last bar; null: not known */
            last_is_partial: boolean | null;
            /**
             * Format: date-time
             * @description Of the last bar
             */
            last_time: string | null;
            /** @description What a restart, a pause or a failed attempt did to it */
            note: string | null;
            quality_score: number | null;
            reason: string | null;
            /** @description Where the bars come from; left out: whichever series fits best */
            source: string | null;
            status: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string;
            /** @description IANA name */
            time_zone: string | null;
            unchanged: number | null;
        };
        Threshold: {
            bad: string;
            critical: number | null;
            hold_seconds: number;
            runbook: string;
            /** @description The type */
            type: string;
            unit: string;
            warning: number | null;
            what: string;
        };
        ThresholdsAnswer: {
            clear_seconds: number;
            cooldown_seconds: number;
            margin: number;
            thresholds: components["schemas"]["Threshold"][];
        };
        TickBarKind: {
            example: string;
            of: string;
            unit: string;
        };
        TournamentPlace: {
            failure: string | null;
            in_sample: components["schemas"]["PlacePeriod"] | null;
            /** @description What is made as good as possible: GET /api/v1/optimize/objectives */
            objective: number | null;
            out_of_sample: components["schemas"]["PlacePeriod"] | null;
            /** @description What is varied, and the values */
            parameters: {
                [key: string]: number | boolean | string | null;
            } | null;
            place: number;
            result: components["schemas"]["SearchResult"] | null;
            /** @description Stages of the tournament */
            stages: number;
            /** @description A strategy of the catalogue; or `pine` */
            strategy: string;
            /** @description The instrument's symbol; of a continuous future such as ES.c.0 or ES1! */
            symbol: string | null;
            /** @description A whole number and a unit: s, m, h, d, w, M; of ticks t, v, r, $ */
            timeframe: string | null;
            /** @description How many trials */
            trials: number;
            /** @description What it is worth, in a plain sentence */
            verdict: string | null;
        };
        TournamentResult: {
            /** @description The id of the job */
            job_id?: string;
            /** @description What is made as good as possible: GET /api/v1/optimize/objectives */
            objective?: string;
            places: components["schemas"]["TournamentPlace"][];
            request?: unknown;
            /** @description How what is tried is chosen: GET /api/v1/optimize/samplers */
            sampler?: string;
            /** @description Of what is drawn: the same seed gives the same search */
            seed?: number;
            /** @description Stages of the tournament */
            stages: components["schemas"]["TournamentStage"][];
            /** @description A plain sentence */
            statement: string;
            trials_tried: number;
        };
        TournamentStage: {
            /** @description So many go on to the next stage */
            keep: number | null;
            /** @description How many trials */
            trials: number;
        };
        TradeMetrics: {
            annualized_return_percent: number | null;
            average_bars_in_losing_trades: number | null;
            average_bars_in_trades: number | null;
            average_bars_in_winning_trades: number | null;
            average_losing_trade: number | null;
            average_losing_trade_percent: number | null;
            average_trade: number | null;
            average_trade_percent: number | null;
            average_winning_trade: number | null;
            average_winning_trade_percent: number | null;
            commission_paid: number;
            gross_loss: number;
            gross_loss_percent: number;
            gross_profit: number;
            gross_profit_percent: number;
            largest_losing_trade: number | null;
            largest_losing_trade_percent: number | null;
            largest_losing_trade_share: number | null;
            largest_winning_trade: number | null;
            largest_winning_trade_percent: number | null;
            largest_winning_trade_share: number | null;
            losing_trades: number;
            margin_calls: number;
            max_contracts_held: number;
            net_profit: number;
            net_profit_percent: number;
            net_profit_percent_of_largest_loss: number | null;
            open_profit: number;
            percent_profitable: number | null;
            profit_factor: number | null;
            ratio_average_win_loss: number | null;
            total_closed_trades: number;
            total_open_trades: number;
            total_profit: number | null;
            winning_trades: number;
        };
        TradeOrder: {
            drawdown_percent: number;
            median_percent: number;
            p95_percent: number;
            ruin_share: number;
            share_below: number;
            worst_percent: number;
        };
        TradeRow: {
            commission: number;
            cumulative_profit: number;
            drawdown: number;
            entry_id: string;
            entry_price: number;
            /** Format: date-time */
            entry_time: string;
            exit_id: string | null;
            exit_price: number | null;
            /** Format: date-time */
            exit_time: string | null;
            number: number;
            profit: number;
            profit_percent: number | null;
            quantity: number;
            run_up: number;
            side: string;
        };
        Trend: {
            /** @description The name */
            name: string;
            times: string[];
            unit: string;
            values: (number | null)[];
        };
        TrendComparison: {
            change: number | null;
            is_regression: boolean;
            last_day: number | null;
            week_before: number | null;
        };
        TrendPoint: {
            /**
             * Format: date-time
             * @description When it happened
             */
            at: string;
            count: number;
            maximum: number;
            mean: number;
            minimum: number;
        };
        TrendsAnswer: {
            /**
             * Format: date-time
             * @description Bars from this time on; a date is its midnight in UTC
             */
            from: string;
            /** @description A point an hour, or a point a minute */
            resolution: string;
            /**
             * Format: date-time
             * @description Bars before this time; a date is its midnight in UTC
             */
            to: string;
            trends: components["schemas"]["HealthTrend"][];
        };
        TrialColumns: {
            bar_share?: (number | null)[];
            count: number;
            index: number[];
            metrics: {
                [key: string]: (number | null)[];
            };
            /** @description What is made as good as possible: GET /api/v1/optimize/objectives */
            objective: (number | null)[];
            /** @description Several objectives, instead of `objective` */
            objectives?: {
                [key: string]: (number | null)[];
            };
            /** @description What is varied, and the values */
            parameters: {
                [key: string]: (number | boolean | string | null)[];
            };
            violation?: (number | null)[];
        };
        ValidatedStrategy: {
            /** @description Values of the script's inputs, by name */
            inputs: {
                [key: string]: number | boolean | string | null;
            };
            settings: components["schemas"]["StrategySettings"];
            valid: boolean;
        };
        ValuesRequest: {
            /** @description Values of the script's inputs, by name */
            inputs?: {
                [key: string]: number | boolean | string;
            } | null;
            /**
             * @description Properties of strategy() that are to be others, by name
             * @example {
             *       "initial_capital": 50000
             *     }
             */
            properties?: {
                [key: string]: number | boolean | string;
            } | null;
        };
        Version: {
            release: string;
            version: string;
        };
        VolumeStatistics: {
            bars_known: number;
            mean: number | null;
            sum: number | null;
        };
        WalkForward: {
            buy_and_hold_return_percent: number | null;
            efficiency: number | null;
            equity: components["schemas"]["EquityCurve"];
            max_drawdown_percent: number | null;
            mode: string;
            return_percent: number | null;
            share_profitable: number | null;
            /** @description A plain sentence */
            statement: string;
            step_days: number;
            test_days: number;
            train_days: number;
            windows: components["schemas"]["WalkForwardWindow"][];
            windows_left_out: number;
        };
        WalkForwardRequest: {
            /** @description All windows begin with the first bar */
            anchored?: boolean | null;
            /** @description Calendar days from window to window */
            step_days?: number | null;
            /** @description Calendar days to try on */
            test_days?: number | null;
            /** @description Calendar days to search on */
            train_days?: number | null;
        };
        WalkForwardWindow: {
            in_sample: components["schemas"]["WindowResult"] | null;
            /** @description What is made as good as possible: GET /api/v1/optimize/objectives */
            objective: number | null;
            out_of_sample: components["schemas"]["WindowResult"] | null;
            /** @description What is varied, and the values */
            parameters: {
                [key: string]: number | boolean | string | null;
            } | null;
            /** Format: date-time */
            test_from: string;
            /** Format: date-time */
            test_to: string;
            /** Format: date-time */
            train_from: string;
            /** Format: date-time */
            train_to: string;
            /** @description How many trials */
            trials: number;
        };
        WarmUp: {
            bars: number;
            /**
             * Format: date-time
             * @description The first bar
             */
            from: string | null;
            whole_history: boolean;
        };
        Webhook: {
            /** Format: date-time */
            created_at: string;
            description: string;
            /** @description Why the server disabled it; null: it did not */
            disabled_reason: string | null;
            /** @description Whether anything is sent to it */
            enabled: boolean;
            /** @description Names of GET /api/v1/webhooks/event-types, groups such as job.*, or * */
            events: string[];
            /** Format: date-time */
            failing_since: string | null;
            /** @description The id, as its list and the answer that made it say */
            id: string;
            /** @description Whose it is */
            owner: string;
            /** Format: date-time */
            updated_at: string;
            /** @description Where it is sent to: https://, or as webhook_private_addresses permits */
            url: string;
        };
        WebhookList: {
            webhooks: components["schemas"]["Webhook"][];
        };
        WebhookPatchRequest: {
            /** @description What it is for */
            description?: string | null;
            /** @description Whether anything is sent to it */
            enabled?: boolean | null;
            /**
             * @description Names of GET /api/v1/webhooks/event-types, groups such as job.*, or *
             * @example [
             *       "job.completed",
             *       "alert.*"
             *     ]
             */
            events?: string[] | null;
            /**
             * @description Where it is sent to: https://, or as webhook_private_addresses permits
             * @example https://hooks.example.com/trade
             */
            url?: string | null;
        };
        WebhookReplayRequest: {
            /** @description Also those that were delivered */
            delivered_too?: boolean | null;
            /**
             * @description Events from this time on
             * @example 2026-03-02T00:00:00Z
             */
            from: string;
            /**
             * @description Events before this time
             * @example 2026-03-03T00:00:00Z
             */
            to: string;
        };
        WebhookRotationRequest: {
            /** @description For which the secret before it still holds */
            grace_seconds?: number | null;
        };
        WholeJob: {
            /** @description How often it was started */
            attempts: number;
            /** @description How often it may be started */
            attempts_max: number;
            cancel_requested: boolean;
            /** Format: date-time */
            created_at: string;
            /** @description It failed in all its attempts, or did not survive them */
            dead_letter: boolean;
            /** @description The work's own account of its progress */
            detail: unknown;
            /** @description Why it failed */
            error: string | null;
            /** Format: date-time */
            finished_at: string | null;
            has_checkpoint: boolean;
            /** @description The id of the job */
            job_id: string;
            /** @description Which kind */
            kind: string;
            /**
             * Format: date-time
             * @description A failed attempt is not repeated earlier
             */
            not_before: string | null;
            /** @description What a restart, a pause or a failed attempt did to it */
            note: string | null;
            /** @description Whose it is */
            owner: string;
            pause_requested: boolean;
            /** @description Of the work, for people */
            phase: string;
            /** @description Of the job: 0 is the lowest */
            priority: number;
            /** @description 0 to 1 */
            progress: number;
            request: unknown;
            result?: unknown;
            /** @description The job that this one tries again */
            retry_of: string | null;
            /** @description Which server runs it */
            run_by: string | null;
            /** Format: date-time */
            started_at: string | null;
            /** @description The state */
            state: components["schemas"]["JobState"];
        };
        WindowResult: {
            closed_trades: number | null;
            holding_return_percent: number | null;
            max_drawdown_percent: number | null;
            return_percent: number | null;
            sharpe_ratio: number | null;
        };
        Worker: {
            alive: boolean;
            batches: number;
            host: string;
            /** @description The name */
            name: string;
            /** Format: date-time */
            seen_at: string;
            /** Format: date-time */
            started_at: string;
            /** @description That it uses */
            threads: number;
            /** @description How many trials */
            trials: number;
            version: string;
        };
        Workers: {
            workers: components["schemas"]["Worker"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type ActionRequest = components['schemas']['ActionRequest'];
export type ActionsRequest = components['schemas']['ActionsRequest'];
export type AggregateAnswer = components['schemas']['AggregateAnswer'];
export type AggregatedFrequency = components['schemas']['AggregatedFrequency'];
export type AggregatedSymbol = components['schemas']['AggregatedSymbol'];
export type AggregateRequest = components['schemas']['AggregateRequest'];
export type Alert = components['schemas']['Alert'];
export type AlertEvent = components['schemas']['AlertEvent'];
export type AlertHistoryPage = components['schemas']['AlertHistoryPage'];
export type AlertPage = components['schemas']['AlertPage'];
export type ApiKey = components['schemas']['ApiKey'];
export type ApiKeys = components['schemas']['ApiKeys'];
export type Assessment = components['schemas']['Assessment'];
export type AuditEntry = components['schemas']['AuditEntry'];
export type AuditPage = components['schemas']['AuditPage'];
export type AuditVerification = components['schemas']['AuditVerification'];
export type BacktestAnswer = components['schemas']['BacktestAnswer'];
export type BacktestRequest = components['schemas']['BacktestRequest'];
export type BackupHealth = components['schemas']['BackupHealth'];
export type BarColumns = components['schemas']['BarColumns'];
export type BarRow = components['schemas']['BarRow'];
export type BarsInColumns = components['schemas']['BarsInColumns'];
export type BarsInRows = components['schemas']['BarsInRows'];
export type BarStatistics = components['schemas']['BarStatistics'];
export type BatchRequest = components['schemas']['BatchRequest'];
export type BenchmarkRequest = components['schemas']['BenchmarkRequest'];
export type BenchmarkRun = components['schemas']['BenchmarkRun'];
export type BenchmarkStatus = components['schemas']['BenchmarkStatus'];
export type BenchmarkStory = components['schemas']['BenchmarkStory'];
export type BestTrial = components['schemas']['BestTrial'];
export type CacheHealth = components['schemas']['CacheHealth'];
export type CatalogueSummary = components['schemas']['CatalogueSummary'];
export type CategorySummary = components['schemas']['CategorySummary'];
export type ChannelTest = components['schemas']['ChannelTest'];
export type ChannelTestRequest = components['schemas']['ChannelTestRequest'];
export type CheckRequest = components['schemas']['CheckRequest'];
export type ComparedPair = components['schemas']['ComparedPair'];
export type ComparedSeries = components['schemas']['ComparedSeries'];
export type ComparePeriodRequest = components['schemas']['ComparePeriodRequest'];
export type CompareRequest = components['schemas']['CompareRequest'];
export type Comparison = components['schemas']['Comparison'];
export type ComparisonAnswer = components['schemas']['ComparisonAnswer'];
export type ComponentHealth = components['schemas']['ComponentHealth'];
export type ComputedOutput = components['schemas']['ComputedOutput'];
export type ComputeRequest = components['schemas']['ComputeRequest'];
export type ConditionRequest = components['schemas']['ConditionRequest'];
export type ConfidenceInterval = components['schemas']['ConfidenceInterval'];
export type Configuration = components['schemas']['Configuration'];
export type ContinuousStory = components['schemas']['ContinuousStory'];
export type CorporateAction = components['schemas']['CorporateAction'];
export type CorporateActionCounts = components['schemas']['CorporateActionCounts'];
export type CorporateActionRemoval = components['schemas']['CorporateActionRemoval'];
export type CorporateActions = components['schemas']['CorporateActions'];
export type CrossValidation = components['schemas']['CrossValidation'];
export type CustomFrequencies = components['schemas']['CustomFrequencies'];
export type DatabaseHealthResponse = components['schemas']['DatabaseHealthResponse'];
export type DataProvider = components['schemas']['DataProvider'];
export type DataSource = components['schemas']['DataSource'];
export type Delivery = components['schemas']['Delivery'];
export type DeliveryAttempt = components['schemas']['DeliveryAttempt'];
export type DeliveryDetail = components['schemas']['DeliveryDetail'];
export type DeliveryPage = components['schemas']['DeliveryPage'];
export type DetailedHealthResponse = components['schemas']['DetailedHealthResponse'];
export type DiscardedData = components['schemas']['DiscardedData'];
export type DraftRequest = components['schemas']['DraftRequest'];
export type Drawings = components['schemas']['Drawings'];
export type EquityCurve = components['schemas']['EquityCurve'];
export type ErrorGroupAnswer = components['schemas']['ErrorGroupAnswer'];
export type ErrorGroupsAnswer = components['schemas']['ErrorGroupsAnswer'];
export type EventType = components['schemas']['EventType'];
export type EventTypeList = components['schemas']['EventTypeList'];
export type ExplainRequest = components['schemas']['ExplainRequest'];
export type ExportedFile = components['schemas']['ExportedFile'];
export type ExportedFiles = components['schemas']['ExportedFiles'];
export type ExportRequest = components['schemas']['ExportRequest'];
export type ExpressionRequest = components['schemas']['ExpressionRequest'];
export type FailedSymbol = components['schemas']['FailedSymbol'];
export type FetchAccepted = components['schemas']['FetchAccepted'];
export type FetchAnswer = components['schemas']['FetchAnswer'];
export type FetchedSymbol = components['schemas']['FetchedSymbol'];
export type FetchStatus = components['schemas']['FetchStatus'];
export type FileColumn = components['schemas']['FileColumn'];
export type FileFormat = components['schemas']['FileFormat'];
export type FileRowCounts = components['schemas']['FileRowCounts'];
export type Finalist = components['schemas']['Finalist'];
export type Finding = components['schemas']['Finding'];
export type Frequencies = components['schemas']['Frequencies'];
export type Frequency = components['schemas']['Frequency'];
export type FrontTrial = components['schemas']['FrontTrial'];
export type Gap = components['schemas']['Gap'];
export type GapCounts = components['schemas']['GapCounts'];
export type GapPage = components['schemas']['GapPage'];
export type GapStory = components['schemas']['GapStory'];
export type GapSums = components['schemas']['GapSums'];
export type Hardware = components['schemas']['Hardware'];
export type HealthResponse = components['schemas']['HealthResponse'];
export type HealthTrend = components['schemas']['HealthTrend'];
export type HeldMetrics = components['schemas']['HeldMetrics'];
export type HeldPeriods = components['schemas']['HeldPeriods'];
export type HistoricalFetchRequest = components['schemas']['HistoricalFetchRequest'];
export type HistoryEntry = components['schemas']['HistoryEntry'];
export type HistoryPage = components['schemas']['HistoryPage'];
export type ImportAnswer = components['schemas']['ImportAnswer'];
export type ImportChanges = components['schemas']['ImportChanges'];
export type ImportedFile = components['schemas']['ImportedFile'];
export type ImportPreviewAnswer = components['schemas']['ImportPreviewAnswer'];
export type Indicator = components['schemas']['Indicator'];
export type IndicatorOutput = components['schemas']['IndicatorOutput'];
export type IndicatorPage = components['schemas']['IndicatorPage'];
export type IndicatorParameter = components['schemas']['IndicatorParameter'];
export type IndicatorRequest = components['schemas']['IndicatorRequest'];
export type IndicatorsInColumns = components['schemas']['IndicatorsInColumns'];
export type IndicatorsInRows = components['schemas']['IndicatorsInRows'];
export type Input = components['schemas']['Input'];
export type InsertRates = components['schemas']['InsertRates'];
export type Instrument = components['schemas']['Instrument'];
export type InstrumentChange = components['schemas']['InstrumentChange'];
export type InstrumentPage = components['schemas']['InstrumentPage'];
export type InstrumentRequest = components['schemas']['InstrumentRequest'];
export type IssuedApiKey = components['schemas']['IssuedApiKey'];
export type IssuedWebhook = components['schemas']['IssuedWebhook'];
export type Job = components['schemas']['Job'];
export type JobAccepted = components['schemas']['JobAccepted'];
export type JobCount = components['schemas']['JobCount'];
export type JobEnding = components['schemas']['JobEnding'];
export type JobLog = components['schemas']['JobLog'];
export type JobLogLine = components['schemas']['JobLogLine'];
export type JobPage = components['schemas']['JobPage'];
export type JobSchedule = components['schemas']['JobSchedule'];
export type JobSchedules = components['schemas']['JobSchedules'];
export type JobState = components['schemas']['JobState'];
export type JobStatistics = components['schemas']['JobStatistics'];
export type JobTimes = components['schemas']['JobTimes'];
export type LastImport = components['schemas']['LastImport'];
export type LeftOutMember = components['schemas']['LeftOutMember'];
export type ListedInstrument = components['schemas']['ListedInstrument'];
export type LiveHealthResponse = components['schemas']['LiveHealthResponse'];
export type LiveHole = components['schemas']['LiveHole'];
export type LiveLogin = components['schemas']['LiveLogin'];
export type LiveSeries = components['schemas']['LiveSeries'];
export type LiveSource = components['schemas']['LiveSource'];
export type Measurement = components['schemas']['Measurement'];
export type Metrics = components['schemas']['Metrics'];
export type Move = components['schemas']['Move'];
export type MuteRequest = components['schemas']['MuteRequest'];
export type Neighbour = components['schemas']['Neighbour'];
export type NewKeyRequest = components['schemas']['NewKeyRequest'];
export type NewWebhookRequest = components['schemas']['NewWebhookRequest'];
export type Objective = components['schemas']['Objective'];
export type Objectives = components['schemas']['Objectives'];
export type OpenAlerts = components['schemas']['OpenAlerts'];
export type OptimizeRequest = components['schemas']['OptimizeRequest'];
export type OtherInstrument = components['schemas']['OtherInstrument'];
export type OtherInstruments = components['schemas']['OtherInstruments'];
export type Overfitting = components['schemas']['Overfitting'];
export type ParameterRequest = components['schemas']['ParameterRequest'];
export type Partition = components['schemas']['Partition'];
export type PartitionStatusResponse = components['schemas']['PartitionStatusResponse'];
export type PerformanceMetricsResponse = components['schemas']['PerformanceMetricsResponse'];
export type PeriodMetrics = components['schemas']['PeriodMetrics'];
export type PhaseAnswer = components['schemas']['PhaseAnswer'];
export type PineCheck = components['schemas']['PineCheck'];
export type PlacePeriod = components['schemas']['PlacePeriod'];
export type Plot = components['schemas']['Plot'];
export type PlotColors = components['schemas']['PlotColors'];
export type PoolHealth = components['schemas']['PoolHealth'];
export type PoolsHealth = components['schemas']['PoolsHealth'];
export type PreviewedFile = components['schemas']['PreviewedFile'];
export type PreviewRow = components['schemas']['PreviewRow'];
export type PriceAt = components['schemas']['PriceAt'];
export type ProblemDetails = components['schemas']['ProblemDetails'];
export type ProblemEntry = components['schemas']['ProblemEntry'];
export type ProcessStatus = components['schemas']['ProcessStatus'];
export type ProfileAnswer = components['schemas']['ProfileAnswer'];
export type ProfileStackAnswer = components['schemas']['ProfileStackAnswer'];
export type Quality = components['schemas']['Quality'];
export type QualityDay = components['schemas']['QualityDay'];
export type QualityFinding = components['schemas']['QualityFinding'];
export type QualityStory = components['schemas']['QualityStory'];
export type QuerySchedule = components['schemas']['QuerySchedule'];
export type QueryScheduleRequest = components['schemas']['QueryScheduleRequest'];
export type RandomPeriods = components['schemas']['RandomPeriods'];
export type RangesRequest = components['schemas']['RangesRequest'];
export type ReadinessAnswer = components['schemas']['ReadinessAnswer'];
export type RealityCheck = components['schemas']['RealityCheck'];
export type RedisHealth = components['schemas']['RedisHealth'];
export type RegimeRow = components['schemas']['RegimeRow'];
export type Regimes = components['schemas']['Regimes'];
export type RejectedRow = components['schemas']['RejectedRow'];
export type RelativeRangeRequest = components['schemas']['RelativeRangeRequest'];
export type RemovedWebhook = components['schemas']['RemovedWebhook'];
export type Replayed = components['schemas']['Replayed'];
export type ReportedError = components['schemas']['ReportedError'];
export type RequestTimingsAnswer = components['schemas']['RequestTimingsAnswer'];
export type ResearchStatus = components['schemas']['ResearchStatus'];
export type ReturnStatistics = components['schemas']['ReturnStatistics'];
export type Roll = components['schemas']['Roll'];
export type RotateRequest = components['schemas']['RotateRequest'];
export type RouteTimingsAnswer = components['schemas']['RouteTimingsAnswer'];
export type Sampler = components['schemas']['Sampler'];
export type Samplers = components['schemas']['Samplers'];
export type SavedQuery = components['schemas']['SavedQuery'];
export type SavedQueryPage = components['schemas']['SavedQueryPage'];
export type SavedQueryRequest = components['schemas']['SavedQueryRequest'];
export type ScheduleRemoval = components['schemas']['ScheduleRemoval'];
export type ScheduleRequest = components['schemas']['ScheduleRequest'];
export type SchwabLogin = components['schemas']['SchwabLogin'];
export type SchwabLoginRequest = components['schemas']['SchwabLoginRequest'];
export type ScriptMessage = components['schemas']['ScriptMessage'];
export type SearchAccepted = components['schemas']['SearchAccepted'];
export type SearchCheck = components['schemas']['SearchCheck'];
export type SearchPage = components['schemas']['SearchPage'];
export type SearchResult = components['schemas']['SearchResult'];
export type SearchStatus = components['schemas']['SearchStatus'];
export type Seconds = components['schemas']['Seconds'];
export type SeriesHealthEntry = components['schemas']['SeriesHealthEntry'];
export type SeriesHealthPage = components['schemas']['SeriesHealthPage'];
export type SeriesHealthSummary = components['schemas']['SeriesHealthSummary'];
export type Setting = components['schemas']['Setting'];
export type SlowQueries = components['schemas']['SlowQueries'];
export type SlowQuery = components['schemas']['SlowQuery'];
export type Sources = components['schemas']['Sources'];
export type SplitEquityCurve = components['schemas']['SplitEquityCurve'];
export type SpreadRow = components['schemas']['SpreadRow'];
export type Stability = components['schemas']['Stability'];
export type StageRequest = components['schemas']['StageRequest'];
export type StoredBase = components['schemas']['StoredBase'];
export type StoredCorporateAction = components['schemas']['StoredCorporateAction'];
export type StoredRun = components['schemas']['StoredRun'];
export type StoredSeries = components['schemas']['StoredSeries'];
export type Strategy = components['schemas']['Strategy'];
export type StrategyPage = components['schemas']['StrategyPage'];
export type StrategySettings = components['schemas']['StrategySettings'];
export type StrategySummary = components['schemas']['StrategySummary'];
export type SymbolProblem = components['schemas']['SymbolProblem'];
export type SymbolReport = components['schemas']['SymbolReport'];
export type Threshold = components['schemas']['Threshold'];
export type ThresholdsAnswer = components['schemas']['ThresholdsAnswer'];
export type TickBarKind = components['schemas']['TickBarKind'];
export type TournamentPlace = components['schemas']['TournamentPlace'];
export type TournamentResult = components['schemas']['TournamentResult'];
export type TournamentStage = components['schemas']['TournamentStage'];
export type TradeMetrics = components['schemas']['TradeMetrics'];
export type TradeOrder = components['schemas']['TradeOrder'];
export type TradeRow = components['schemas']['TradeRow'];
export type Trend = components['schemas']['Trend'];
export type TrendComparison = components['schemas']['TrendComparison'];
export type TrendPoint = components['schemas']['TrendPoint'];
export type TrendsAnswer = components['schemas']['TrendsAnswer'];
export type TrialColumns = components['schemas']['TrialColumns'];
export type ValidatedStrategy = components['schemas']['ValidatedStrategy'];
export type ValuesRequest = components['schemas']['ValuesRequest'];
export type Version = components['schemas']['Version'];
export type VolumeStatistics = components['schemas']['VolumeStatistics'];
export type WalkForward = components['schemas']['WalkForward'];
export type WalkForwardRequest = components['schemas']['WalkForwardRequest'];
export type WalkForwardWindow = components['schemas']['WalkForwardWindow'];
export type WarmUp = components['schemas']['WarmUp'];
export type Webhook = components['schemas']['Webhook'];
export type WebhookList = components['schemas']['WebhookList'];
export type WebhookPatchRequest = components['schemas']['WebhookPatchRequest'];
export type WebhookReplayRequest = components['schemas']['WebhookReplayRequest'];
export type WebhookRotationRequest = components['schemas']['WebhookRotationRequest'];
export type WholeJob = components['schemas']['WholeJob'];
export type WindowResult = components['schemas']['WindowResult'];
export type Worker = components['schemas']['Worker'];
export type Workers = components['schemas']['Workers'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
