import { Component } from "@odoo/owl";

/**
 * Rows and columns of figures: each opens what is behind it, shaded by its size.
 *
 * A cell is ``{ row, column, ...figures }``; ``measure`` names the figure that is shown,
 * ``shade`` the one (0 to 1) that colours it, ``diagonal`` marks equal row and column.
 */
export class ValueMatrix extends Component {
    static template = "logistics_clv.ValueMatrix";
    static props = {
        rows: Array,
        columns: Array,
        cells: Array,
        measure: String,
        format: Function,
        describe: { type: Function, optional: true },
        shade: { type: Function, optional: true },
        shadeClass: { type: Function, optional: true },
        corner: { type: String, optional: true },
        columnsLabel: { type: String, optional: true },
        hasTotals: { type: Boolean, optional: true },
        hasDiagonal: { type: Boolean, optional: true },
        rowNote: { type: Function, optional: true },
        onOpen: Function,
    };
    static defaultProps = { corner: "", columnsLabel: "", hasTotals: false };

    get lines() {
        const { cells, rows, columns, measure } = this.props;
        const found = new Map(cells.map((cell) => [`${cell.row},${cell.column}`, cell]));
        const highest = Math.max(...cells.map((cell) => Math.abs(cell[measure])), 0);
        return rows.map((row) => {
            const inRow = cells.filter((cell) => cell.row === row.id);
            return {
                row,
                total: this.sum(inRow),
                figures: columns.map((column) => {
                    const cell = found.get(`${row.id},${column.id}`);
                    return {
                        column,
                        cell,
                        isDiagonal: this.props.hasDiagonal && row.id === column.id,
                        style: cell ? this.getStyle(cell, highest) : "",
                        class: cell && this.props.shadeClass?.(cell, row, column),
                    };
                }),
            };
        });
    }

    get columnTotals() {
        return this.props.columns.map((column) => ({
            column,
            total: this.sum(this.props.cells.filter((cell) => cell.column === column.id)),
        }));
    }

    get total() {
        return this.sum(this.props.cells);
    }

    sum(cells) {
        return cells.reduce((sum, cell) => sum + cell[this.props.measure], 0);
    }

    getStyle(cell, highest) {
        const share = this.props.shade
            ? this.props.shade(cell)
            : highest && Math.abs(cell[this.props.measure]) / highest;
        const depth = Math.round(Math.min(Math.max(share || 0, 0), 1) * 100) / 100;
        return `--o-value-shade: ${depth}`;
    }
}
