// SPDX-License-Identifier: BSL-1.0
// Runs one task of the codec on a fixed input, twice. `instruction_budget` counts the second run,
// which is the function `measured`. Prints the number of bytes read or written.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/detail/codec/row_decoder.hpp>
#include <eloqua/bulk/detail/codec/row_encoder.hpp>

#include "data_sets.hpp"
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace codec_benchmarks;

extern "C" [[gnu::noinline]] void measured(std::function<void()> const& task) {
    task();
}

namespace {

constexpr std::size_t input_rows = 5'000;
using row = short_rows::row;

/// Reads the page from a file like from a socket: the kernel writes it into the decoder's buffer.
class source {
public:
    explicit source(std::string_view page) : file_(std::tmpfile()) {
        if (!file_ || std::fwrite(page.data(), 1, page.size(), file_) != page.size())
            throw std::runtime_error("no temporary file");
        std::setvbuf(file_, nullptr, _IONBF, 0);
    }
    source(source const&) = delete;
    source& operator=(source const&) = delete;
    ~source() { std::fclose(file_); }

    void feed(bulk::detail::row_decoder& decoder, bulk::detail::row_sink& sink) {
        std::rewind(file_);
        decoder.begin_page(0);
        for (;;) {
            auto const room = decoder.prepare();
            std::size_t const n = std::fread(room.data(), 1, room.size(), file_);
            if (n == 0)
                break;
            decoder.commit(n, sink).value();
        }
        decoder.finish().value();
    }

private:
    std::FILE* file_;
};

template <class Row>
struct reused_row final : bulk::detail::row_sink {
    Row row{};
    void* begin_row() override { return &row; }
    void end_row(bool) override {}
};

std::vector<row> decoded(source& page, bulk::rows_format format) {
    std::vector<row> rows;
    rows.reserve(input_rows);
    bulk::detail::vector_sink<row> sink(rows);
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<row>, format);
    page.feed(decoder, sink);
    return rows;
}

template <class Row>
std::function<void()> into_one_row(source& page, bulk::rows_format format) {
    auto const decoder =
        std::make_shared<bulk::detail::row_decoder>(bulk::detail::row_codec<Row>, format);
    auto const sink = std::make_shared<reused_row<Row>>();
    return [=, &page] { page.feed(*decoder, *sink); };
}

bulk::detail::row_encoder encoder_of(bulk::rows_format format) {
    return bulk::detail::row_encoder(bulk::detail::row_codec<row>,
                                     bulk::detail::columns_of<row, bulk::contacts_t>, format);
}
std::string encoded(std::vector<row> const& rows, bulk::detail::row_encoder& encoder) {
    encoder.clear();
    for (row const& each : rows)
        (void)encoder.append(&each);
    return std::string(encoder.body());
}

} // namespace

int main(int argc, char** argv) {
    using enum bulk::rows_format;
    std::string const json_text = make_page<short_rows>(input_rows);
    source json_page(json_text);
    std::vector<row> const rows = decoded(json_page, json);
    auto json_encoder = encoder_of(json), csv_encoder = encoder_of(csv);
    std::string const csv_text = encoded(rows, csv_encoder);
    source csv_page(csv_text);
    std::size_t const body = encoded(rows, json_encoder).size();

    std::vector<row> kept;
    struct task {
        std::size_t bytes;
        std::function<void()> run;
    };
    std::map<std::string, task> const tasks{
        {"owning", {json_text.size(), [&] { kept = decoded(json_page, json); }}},
        {"reused", {json_text.size(), into_one_row<row>(json_page, json)}},
        {"views", {json_text.size(), into_one_row<short_rows::views>(json_page, json)}},
        {"csv-owning", {csv_text.size(), [&] { kept = decoded(csv_page, csv); }}},
        {"csv-views", {csv_text.size(), into_one_row<short_rows::views>(csv_page, csv)}},
        {"encode",
         {body,
          [&] {
              json_encoder.clear();
              for (row const& each : rows)
                  (void)json_encoder.append(&each);
          }}},
        {"csv-encode",
         {csv_text.size(),
          [&] {
              csv_encoder.clear();
              for (row const& each : rows)
                  (void)csv_encoder.append(&each);
          }}},
    };
    auto const found = tasks.find(argc > 1 ? argv[1] : "");
    if (found == tasks.end()) {
        for (auto const& each : tasks)
            std::printf("%s\n", each.first.c_str());
        return 2;
    }
    found->second.run();
    kept = std::vector<row>();
    measured(found->second.run);
    std::printf("%zu\n", found->second.bytes);
}
