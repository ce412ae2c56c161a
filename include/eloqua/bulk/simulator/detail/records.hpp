// SPDX-License-Identifier: BSL-1.0
/// \file
/// The records of the simulated service, stored so that copies are nearly free.
#pragma once

#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/simulator/population.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// Values by field index in one piece of memory. A blank value can be present.
class packed_values {
    struct entry {
        std::uint16_t field;
        std::uint32_t size;
    };
    static constexpr std::size_t prefix = sizeof(std::uint16_t) + sizeof(std::uint32_t);

public:
    /// The value, or empty if the field has none.
    std::optional<std::string_view> find(std::size_t field) const {
        for (std::size_t at = 0; at != bytes_.size();) {
            entry const e = read(at);
            if (e.field == field)
                return std::string_view(bytes_).substr(at + prefix, e.size);
            at += prefix + e.size;
        }
        return std::nullopt;
    }
    std::string_view get(std::size_t field) const {
        return find(field).value_or(std::string_view());
    }
    void set(std::size_t field, std::string_view value) {
        std::string piece(prefix, '\0');
        auto const number = static_cast<std::uint16_t>(field);
        auto const size = static_cast<std::uint32_t>(value.size());
        std::memcpy(piece.data(), &number, sizeof number);
        std::memcpy(piece.data() + sizeof number, &size, sizeof size);
        piece += value;
        for (std::size_t at = 0; at != bytes_.size();) {
            entry const e = read(at);
            if (e.field == field) {
                bytes_.replace(at, prefix + e.size, piece);
                return;
            }
            at += prefix + e.size;
        }
        bytes_ += piece;
    }
    /// Calls `f(field, value)` for each value.
    template <class F>
    void for_each(F f) const {
        for (std::size_t at = 0; at != bytes_.size();) {
            entry const e = read(at);
            f(std::size_t{e.field}, std::string_view(bytes_).substr(at + prefix, e.size));
            at += prefix + e.size;
        }
    }
    void shrink() { bytes_.shrink_to_fit(); }

private:
    entry read(std::size_t at) const {
        entry e{};
        std::memcpy(&e.field, bytes_.data() + at, sizeof e.field);
        std::memcpy(&e.size, bytes_.data() + at + sizeof e.field, sizeof e.size);
        return e;
    }
    std::string bytes_;
};

struct record {
    packed_values values;
    timestamp created_at;
    timestamp updated_at;
    position link = no_position; ///< its contact or account
    bool link_is_account = false;
    bool subscribed = true;
    bool bounced = false;
};

/// A sparse sequence of records. Copies share unchanged parts.
class shared_records {
    static constexpr std::size_t chunk_size = 64;
    using chunk = std::array<std::optional<record>, chunk_size>;

public:
    record const* find(std::size_t index) const {
        std::size_t const at = index / chunk_size;
        if (at >= chunks_.size() || !chunks_[at])
            return nullptr;
        auto const& slot = (*chunks_[at])[index % chunk_size];
        return slot ? &*slot : nullptr;
    }
    /// The slot to fill or change. Copies of this object are not affected.
    std::optional<record>& edit(std::size_t index) {
        std::size_t const at = index / chunk_size;
        if (at >= chunks_.size())
            chunks_.resize(at + 1);
        if (!chunks_[at])
            chunks_[at] = std::make_shared<chunk>();
        else if (chunks_[at].use_count() > 1)
            chunks_[at] = std::make_shared<chunk>(*chunks_[at]);
        return (*chunks_[at])[index % chunk_size];
    }

    template <class F>
    void for_each_index(F f) const {
        for (std::size_t at = 0; at != chunks_.size(); ++at)
            if (chunks_[at])
                for (std::size_t i = 0; i != chunk_size; ++i)
                    if ((*chunks_[at])[i])
                        f(at * chunk_size + i);
    }

private:
    std::vector<std::shared_ptr<chunk>> chunks_;
};

/// All records of a table: those of a population, followed by added ones. A copy is a snapshot.
class record_set {
    struct bound_population {
        population source;
        std::vector<population::column> columns; ///< by field
        std::vector<population::finder> finders; ///< by field
    };

public:
    std::size_t size() const { return generated() + added_count_; }
    std::size_t generated() const {
        return population_ ? static_cast<std::size_t>(population_->source.size) : 0;
    }
    /// The stored record, or null if the population computes it.
    record const* find(position p) const {
        return p < generated() ? changed_.find(p) : added_.find(p - generated());
    }
    timestamp created_at(position p) const {
        record const* const r = find(p);
        return r ? r->created_at : population_->source.created_at(p);
    }
    timestamp updated_at(position p) const {
        record const* const r = find(p);
        return r ? r->updated_at : population_->source.updated_at(p);
    }
    /// The contact, or account, that a record is linked to; otherwise `no_position`.
    position link(position p, bool account) const {
        if (record const* const r = find(p))
            return r->link_is_account == account ? r->link : no_position;
        return population_->source.link && !account ? population_->source.link(p) : no_position;
    }
    /// The value as a view of the record or of `scratch`.
    std::string_view value(position p, std::size_t field, std::string& scratch) const {
        if (record const* const r = find(p))
            return r->values.get(field);
        scratch.clear();
        compute(p, field, scratch);
        return scratch;
    }
    /// Appends a value that the population computes.
    void compute(position p, std::size_t field, std::string& out) const {
        if (field < population_->columns.size() && population_->columns[field])
            population_->columns[field](p, out);
    }
    /// The record, to be changed. A record of the population is stored from then on.
    record& edit(position p) {
        if (p >= generated())
            return *added_.edit(p - generated());
        std::optional<record>& slot = changed_.edit(p);
        if (!slot) {
            slot.emplace();
            slot->created_at = population_->source.created_at(p);
            slot->updated_at = population_->source.updated_at(p);
            if (population_->source.link)
                slot->link = population_->source.link(p);
            std::string text;
            for (std::size_t field = 0; field != population_->columns.size(); ++field) {
                text.clear();
                if (population_->columns[field])
                    population_->columns[field](p, text);
                if (!text.empty())
                    slot->values.set(field, text);
            }
            slot->values.shrink();
        }
        return *slot;
    }
    position add(record r) {
        added_.edit(added_count_) = std::move(r);
        return static_cast<position>(generated() + added_count_++);
    }
    /// Sets the population, or rebinds it after a change of the field list. Its columns and finders
    /// are indexed by field.
    void populate(population source, std::vector<population::column> columns,
                  std::vector<population::finder> finders) {
        population_ = std::make_shared<bound_population const>(
            bound_population{std::move(source), std::move(columns), std::move(finders)});
    }
    /// The function that finds records of the population by a field's value; null: none.
    population::finder const* finder(std::size_t field) const {
        if (!population_ || field >= population_->finders.size() || !population_->finders[field])
            return nullptr;
        return &population_->finders[field];
    }
    /// Calls `f(position)` for stored records.
    template <class F>
    void for_each_stored(F f) const {
        changed_.for_each_index([&](std::size_t i) { f(static_cast<position>(i)); });
        added_.for_each_index([&](std::size_t i) { f(static_cast<position>(generated() + i)); });
    }
    /// Whether any record was added or changed.
    bool in_memory() const {
        bool any = false;
        for_each_stored([&](position) { any = true; });
        return any;
    }
    population const* source() const { return population_ ? &population_->source : nullptr; }

private:
    std::shared_ptr<bound_population const> population_;
    shared_records changed_; ///< records of the population that were changed
    shared_records added_;
    std::size_t added_count_ = 0;
};

} // namespace eloqua::bulk::simulation
