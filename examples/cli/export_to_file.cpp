// SPDX-License-Identifier: BSL-1.0
// Exports into files and streams.
#include <eloqua/bulk/export_to_file.hpp>

#include "export_command.hpp"
#include "gzip_files.hpp"

namespace cli {

bulk::result<bulk::stored_export> export_to(bulk::client const& client, checked_export const& job,
                                            file_output const& to, std::stop_token const& stop) {
    bulk::export_file_options options;
    static_cast<bulk::export_options&>(options) = job.options;
    options.format = to.format;
    options.start_over_if_gone = job.start_over;
    gzip_files compressed(to.path);
    if (to.compressed)
        options.files = &compressed;
    return visit_exportable(job.entity, [&](auto const& of) {
        if (job.filter.empty())
            return bulk::export_records_to_file(client, of, job.columns, to.path, bulk::all_rows,
                                                options)
                .get(stop);
        return bulk::export_records_to_file(client, of, job.columns, to.path,
                                            bulk::unchecked_filter<bulk::record>(job.filter),
                                            options)
            .get(stop);
    });
}

} // namespace cli
