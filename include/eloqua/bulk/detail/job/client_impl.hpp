// SPDX-License-Identifier: BSL-1.0
/// \file
/// The engine of every client: runs calls and jobs over one session.
#pragma once

#include <eloqua/bulk/detail/codec/bounded_json.hpp>
#include <eloqua/bulk/detail/codec/row_decoder.hpp>
#include <eloqua/bulk/detail/http/exchange.hpp>
#include <eloqua/bulk/detail/http/instance.hpp>
#include <eloqua/bulk/detail/http/session.hpp>
#include <eloqua/bulk/detail/job/check_fields.hpp>
#include <eloqua/bulk/detail/job/create_or_find.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/job/export_run.hpp>
#include <eloqua/bulk/detail/job/field_rules.hpp>
#include <eloqua/bulk/detail/job/governed_start.hpp>
#include <eloqua/bulk/detail/job/import_pass.hpp>
#include <eloqua/bulk/detail/job/import_run.hpp>
#include <eloqua/bulk/detail/job/windowed_export.hpp>
#include <eloqua/bulk/detail/row/field_list.hpp>
#include <eloqua/bulk/field_report.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/sync_run.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// `Session` is `session`. `exchange` explains why this is a template.
template <class Session>
class client_impl final : public engine {
public:
    client_impl(any_credentials who, client_options options)
        : session_(std::move(who), std::move(options)) {}

    flow<result<response_body>> fetch(endpoint_call what) override {
        if (session_.options.governor && what.method != verb::get)
            return governed_.fetch(std::move(what));
        return detail::fetch(session_, std::move(what));
    }

    flow<result<page_envelope>> read_page(endpoint_call what, std::span<column_codec const> columns,
                                          row_sink& sink) override {
        try {
            co_return co_await read_rows(what, columns, sink);
        } catch (std::bad_alloc const&) {
        }
        co_await io_request::drop(0);
        co_return detail::out_of_memory();
    }

    flow<result<std::string>> base_url() override {
        result<url> const found = co_await detail::base_url(session_);
        if (!found)
            co_return found.error();
        co_return found->at.text() + found->target;
    }

    flow<result<std::string>> instance() override {
        co_return co_await detail::instance_of(session_);
    }

    flow<result<sync_run>> run_sync(std::string definition_uri) override {
        result<sync> const started =
            co_await detail::start_sync(session_, std::move(definition_uri));
        if (!started)
            co_return started.error();
        sync_run run;
        run.sync = *started;
        result<void> const ended = co_await detail::watch_sync(session_, run);
        if (!ended)
            co_return ended.error();
        co_return run;
    }

    flow<result<field_report>> check_fields(row_plan plan, std::optional<field_use> use) override {
        checked_job what(use);
        co_return co_await detail::check_fields(session_, plan, std::move(what));
    }
    flow<result<field_report>> check_import(row_plan plan, std::size_t identifier,
                                            std::optional<import_rule> rule) override {
        checked_job what = detail::checked_import(plan.columns[identifier].key, rule);
        co_return co_await detail::check_fields(session_, plan, std::move(what));
    }
    flow<result<std::vector<std::string>>> find_statements(row_plan plan) override {
        co_return co_await detail::find_statements(session_, plan);
    }
    flow<result<std::vector<record_column>>> list_columns(std::string fields_path) override {
        result<std::shared_ptr<field_list const>> const list =
            co_await detail::listed_fields(session_, std::move(fields_path));
        if (!list)
            co_return list.error();
        co_return detail::columns_of_list(**list);
    }
    flow<result<std::vector<listed_field>>> describe_columns(row_plan plan) override {
        co_return co_await detail::describe_columns(session_, plan);
    }
    void forget_fields() override { session_.fields.clear(); }

    std::unique_ptr<export_job> make_export(row_plan plan, std::vector<filter_node> filter,
                                            export_options options) override {
        if (options.windows || (options.resume_from && options.resume_from->windows))
            return std::make_unique<windowed_export>(*this, std::move(plan), std::move(filter),
                                                     std::move(options),
                                                     session_.options.row_values);
        return std::make_unique<export_run<Session>>(session_, std::move(plan), std::move(filter),
                                                     std::move(options));
    }

    flow<result<void>> import_rows(row_plan plan, std::size_t identifier, row_cursor& rows,
                                   import_options options, any_import_definition settings,
                                   reject_listener& rejects, import_totals& totals) override {
        bool const keeps_journal = options.journal != nullptr;
        import_run<Session> job(session_, std::move(plan), identifier, std::move(options),
                                std::move(settings), rejects);
        co_return co_await detail::run_import(job, rows, keeps_journal, totals, session_);
    }

private:
    flow<result<page_envelope>> read_rows(endpoint_call const& what,
                                          std::span<column_codec const> columns, row_sink& sink) {
        exchange<Session> made(session_, channel_id(0), what);
        row_decoder decoder(columns, rows_format::json, session_.options.row_values);
        for (;;) {
            result<head> const opened = co_await made.open();
            if (!opened)
                co_return opened.error();
            sink.restart();
            asked_page asked = detail::page_asked_by(what.path);
            if (session_.options.ignore_offset_echo)
                asked.offset.reset();
            decoder.begin_page(0, asked);
            result<std::size_t> got = std::size_t(0);
            result<void> decoded;
            do {
                got = co_await made.read(decoder.prepare());
                if (got)
                    decoded = *got ? decoder.commit(*got, sink) : decoder.finish();
            } while (got && *got && decoded);
            if (got && decoded && !decoder.envelope().has_items && !decoder.envelope().totalResults)
                decoded = failure(errc::malformed_response, "the page has no 'items'");
            if (got && decoded)
                decoded = decoder.check_columns();
            if (!decoded) {
                co_await io_request::drop(0);
                failure why = decoded.error();
                made.hidden().hide_in(why);
                why.info.request = made.line();
                why.info.status = opened->status;
                co_return why;
            }
            if (got)
                co_return decoder.envelope();
            result<void> const waited = co_await made.retry_after_error(got.error());
            if (!waited)
                co_return waited.error();
        }
    }

    Session session_;
    governed_calls<Session> governed_{session_};
};

} // namespace eloqua::bulk::detail
