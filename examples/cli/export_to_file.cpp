// SPDX-License-Identifier: BSL-1.0
// Exports into files and streams.
#include <eloqua/bulk/export_to_file.hpp>

#include "export_command.hpp"
#include "gzip_files.hpp"

namespace cli {

namespace {

template <class Filter>
bulk::result<bulk::changes_export> export_where(bulk::client const& client,
                                                checked_export const& job, file_output const& to,
                                                bulk::export_changes_file_options const& options,
                                                Filter const& filter, std::stop_token const& stop) {
    return visit_exportable(job.entity, [&](auto const& of) -> bulk::result<bulk::changes_export> {
        if (job.changes)
            return bulk::export_changed_records_to_file(client, of, job.columns, job.changes->key,
                                                        to.path, job.changes->mark, filter, options)
                .get(stop);
        bulk::result<bulk::stored_export> done =
            bulk::export_records_to_file(client, of, job.columns, to.path, filter, options)
                .get(stop);
        if (!done)
            return done.error();
        bulk::changes_export whole;
        static_cast<bulk::stored_export&>(whole) = std::move(*done);
        return whole;
    });
}

} // namespace

bulk::result<bulk::changes_export> export_to(bulk::client const& client, checked_export const& job,
                                             file_output const& to, std::stop_token const& stop) {
    bulk::export_changes_file_options options;
    static_cast<bulk::export_options&>(options) = job.options;
    if (job.changes)
        static_cast<bulk::change_options&>(options) = job.changes->how;
    options.format = to.format;
    options.start_over_if_gone = options.start_over_if_wrong = job.start_over;
    options.leave_complete = job.only_resume;
    gzip_files compressed(to.path);
    if (to.compressed)
        options.files = &compressed;
    if (job.filter.empty())
        return export_where(client, job, to, options, bulk::all_rows, stop);
    return export_where(client, job, to, options, bulk::unchecked_filter<bulk::record>(job.filter),
                        stop);
}

} // namespace cli
