// SPDX-License-Identifier: BSL-1.0
// The journal of an import, kept in memory for the duration of a test.
#pragma once

#include <eloqua/bulk/import.hpp>

#include <string>
#include <string_view>
#include <vector>

class memory_journal final : public eloqua::bulk::import_journal {
public:
    std::vector<std::string> const& records() const override { return records_; }
    eloqua::bulk::result<void> append(std::string_view record) override {
        records_.emplace_back(record);
        return {};
    }

private:
    std::vector<std::string> records_;
};
